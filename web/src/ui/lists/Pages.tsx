import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "@/ui/lists/lists.module.css";

interface PagesProps {
  /** Rows before this page. */
  offset: number;
  size: number;
  more: boolean;
  onOffset: (offset: number) => void;
  /** Whether it stands in the panel of the list, and not below it. */
  inside?: boolean;
  back?: string;
  next?: string;
  /** What is told beside the buttons; with it they are there even when all is on one page. */
  children?: ReactNode;
}

/** From one page of a list to the next and back. */
export function Pages(props: PagesProps) {
  const { offset, size, more, onOffset, inside = false, back = "Back", next = "Next", children } = props;
  if (offset === 0 && !more && !children) return null;
  return (
    <div className={inside ? `${styles.pages} ${styles.inside}` : styles.pages}>
      <Button variant="default" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - size))}>
        {back}
      </Button>
      <Button variant="default" disabled={!more} onClick={() => onOffset(offset + size)}>
        {next}
      </Button>
      {children}
    </div>
  );
}
