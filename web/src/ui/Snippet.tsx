import { CopyButton } from "@/ui/CopyButton";
import styles from "@/ui/Snippet.module.css";

/** Code to copy. */
export function Snippet({ code, label = "Code" }: { code: string; label?: string }) {
  return (
    <div className={styles.snippet}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{code}</code>
      </pre>
      <span className={styles.copy}>
        <CopyButton text={code} label="Copy" />
      </span>
    </div>
  );
}
