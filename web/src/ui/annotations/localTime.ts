/** Moments as the browser's own date field writes them: the viewer's wall clock, without a zone. */

export function toLocal(moment: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${String(moment.getFullYear()).padStart(4, "0")}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The moment as an ISO time, or null for a text that is none. */
export function fromLocal(text: string): string | null {
  const moment = new Date(text);
  return text === "" || Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
