/** The toolbar is one script for pages of others: built apart from the app, into `dist-toolbar/toolbar.js`. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    outDir: "dist-toolbar",
    lib: {
      entry: fileURLToPath(new URL("./src/toolbar/main.ts", import.meta.url)),
      formats: ["iife"],
      name: "LeanbaseToolbar",
      fileName: () => "toolbar.js",
    },
  },
});
