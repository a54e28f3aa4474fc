/** What a place shows when there is nothing to show yet, nothing at all, or an error. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { ApiError } from "@/api/client";
import styles from "@/ui/states/states.module.css";

export function Loading({ lines = 6 }: { lines?: number }) {
  return (
    <div className={styles.lines} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} className={styles.line} />
      ))}
    </div>
  );
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.state}>
      <p className={styles.title}>{title}</p>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  );
}

export function messageOf(problem: unknown): string {
  if (problem instanceof Error && problem.message) return problem.message;
  return "Something went wrong.";
}

/** An error in the place of the content, with a way to try again. */
export function Failure({ problem, onRetry }: { problem: unknown; onRetry?: () => void }) {
  const missing = problem instanceof ApiError && problem.status === 404;
  return (
    <div className={`${styles.state} ${styles.failure}`} role="alert">
      <p className={styles.title}>{missing ? "Not found" : "This could not be loaded"}</p>
      <p>{messageOf(problem)}</p>
      {onRetry ? (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** An error beside content that is still worth showing. */
export function Problem({ problem }: { problem: unknown }) {
  return (
    <p className={styles.note} role="alert">
      {messageOf(problem)}
    </p>
  );
}
