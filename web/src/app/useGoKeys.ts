import { useEffect } from "react";
import { useLocation } from "wouter";
import { useProjectPath } from "@/api/session";
import { MENU } from "@/app/pages";

const PATIENCE = 900; // milliseconds between "g" and the second key

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** "g" and then a letter opens a page: "g a" is Activity. Letters are in `MENU`. */
export function useGoKeys(): void {
  const [, navigate] = useLocation();
  const path = useProjectPath();
  useEffect(() => {
    let pressed = 0;
    const listen = (event: KeyboardEvent) => {
      const inEditor = event.composedPath().some(isTyping);
      if (event.metaKey || event.ctrlKey || event.altKey || inEditor) return;
      if (Date.now() - pressed < PATIENCE) {
        pressed = 0;
        const entry = MENU.find((candidate) => candidate.key === event.key);
        if (entry) {
          event.preventDefault();
          navigate(path(entry.to));
        }
      } else if (event.key === "g") {
        pressed = Date.now();
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [navigate, path]);
}
