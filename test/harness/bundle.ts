import { join } from 'node:path'
import { build } from 'vite'

const ROOT = join(import.meta.dirname, '..', '..')

/**
 * Bundles a file of this project with all that it imports, for tests that start it hundreds of times: it is there in a
 * third of the time. Returns the path of the bundle, in `folder`.
 */
export async function bundle(file: string, folder: string): Promise<string> {
  await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node24',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { input: join(ROOT, file), output: { format: 'es', entryFileNames: 'bundle.mjs' } },
    },
  })
  return join(folder, 'bundle.mjs')
}
