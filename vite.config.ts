import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The renderer: built into dist/renderer and served alike by the web UI and the desktop window, under a strict CSP. */
export default defineConfig({
  root: fileURLToPath(new URL('./renderer', import.meta.url)),
  base: './',
  plugins: [react()],
  server: { host: '127.0.0.1', strictPort: false },
  build: {
    outDir: fileURLToPath(new URL('./dist/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // The CSP allows no data: styles or fonts and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssMinify: 'lightningcss',
    reportCompressedSize: false,
    sourcemap: false,
    // It is read from this disk, not over a network.
    chunkSizeWarningLimit: 2_000,
  },
})
