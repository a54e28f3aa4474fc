import styles from "@/ui/charts/Chart.module.css";

export interface TipRow {
  color: string;
  name: string;
  value: string;
}

/**
 * A tooltip as elements: names of events and values of properties come from anyone who can send an event, and ECharts
 * would read a text as HTML.
 */
export function tooltip(title: string, rows: TipRow[], notes: string[] = []): HTMLElement {
  const box = document.createElement("div");
  box.className = styles.tip ?? "";
  const add = (className: string | undefined, text: string) => {
    const element = document.createElement("span");
    element.className = className ?? "";
    element.textContent = text;
    box.append(element);
    return element;
  };
  add(styles.tipTitle, title);
  for (const row of rows) {
    add(styles.dot, "").style.background = row.color;
    add(styles.tipName, row.name);
    add(styles.tipValue, row.value);
  }
  for (const note of notes) add(styles.tipNote, note);
  return box;
}
