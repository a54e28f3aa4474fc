import { CopyButton } from "@/ui/CopyButton";
import styles from "@/ui/Snippet.module.css";

/** Code to copy. */
export function Snippet({ code, label = "Code" }: { code: string; label?: string }) {
  return (
    <section className={styles.snippet} aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
      <span className={styles.copy}>
        <CopyButton text={code} label="Copy" />
      </span>
    </section>
  );
}
