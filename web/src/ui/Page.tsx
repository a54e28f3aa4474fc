import type { ReactNode } from "react";
import styles from "@/ui/page.module.css";
import { useTitle } from "@/ui/useTitle";

interface PageProps {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  /** The page fills the window and scrolls inside. */
  full?: boolean;
  children: ReactNode;
}

export function Page({ title, about, actions, full = false, children }: PageProps) {
  useTitle(title);
  return (
    <main className={full ? `${styles.page} ${styles.full}` : styles.page} id="main" tabIndex={-1}>
      <header className={styles.head}>
        <h1>{title}</h1>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </header>
      {about ? <p className={styles.about}>{about}</p> : null}
      {children}
    </main>
  );
}

interface PanelProps {
  title?: ReactNode;
  actions?: ReactNode;
  padded?: boolean;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, actions, padded = false, className, children }: PanelProps) {
  return (
    <section className={className ? `${styles.panel} ${className}` : styles.panel}>
      {title || actions ? (
        <header className={styles.panelHead}>
          <h2>{title}</h2>
          {actions}
        </header>
      ) : null}
      {padded ? <div className={styles.padded}>{children}</div> : children}
    </section>
  );
}
