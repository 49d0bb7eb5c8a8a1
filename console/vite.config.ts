/**
 * How the console is built: into `dist/console`, which the web server hands out. Nothing is loaded from elsewhere.
 * `npm run dev:console` shows every change at once, with the API of the `ringline web` at RINGLINE_WEB.
 */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at("."),
  base: "/",
  plugins: [react()],
  build: {
    outDir: at("../dist/console"),
    emptyOutDir: true,
    target: "es2022",
    // The Content-Security-Policy allows no code and no style in the page itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The build says nothing when all is well; a test bounds the sizes.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
  server: { proxy: { "/api": process.env["RINGLINE_WEB"] ?? "http://127.0.0.1:8080" } },
});
