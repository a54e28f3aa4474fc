/** A topology of some hundred kilobytes; its type, read from the file, would only slow the compiler down. */
declare module "world-atlas/countries-110m.json" {
  const topology: unknown;
  export default topology;
}
