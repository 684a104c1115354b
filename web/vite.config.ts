/// <reference types="vitest/config" />
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const dist = fileURLToPath(new URL("./dist", import.meta.url));

// dist/placeholder.html is tracked, so that the Go package builds without Node: a build empties everything around it.
function emptyAllButPlaceholder(): Plugin {
  return {
    name: "empty-all-but-placeholder",
    apply: "build",
    buildStart() {
      for (const name of readdirSync(dist)) {
        if (name !== "placeholder.html") {
          rmSync(join(dist, name), { recursive: true, force: true });
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), emptyAllButPlaceholder()],
  resolve: {
    alias: {
      "@rjsf/validator-ajv8": fileURLToPath(new URL("./src/features/launch/noAjv.ts", import.meta.url)),
    },
  },
  build: {
    outDir: "dist",
    emptyOutDir: false,
    // The residents' pages must work in Chromium 78; the console is built with them.
    target: "chrome78",
    rolldownOptions: { input: ["index.html", "v.html"] },
    manifest: "manifest.json",
    // Inlined assets would need data: in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    port: 5173,
    proxy: { "^/(api|gs)/": { target: process.env.GONGZHI_URL ?? "http://127.0.0.1:8080", changeOrigin: true } },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
