import { Worker } from 'node:worker_threads'

/**
 * Starts the store's thread, which loads what it needs and then waits to be told what to open. A host starts it first of
 * all: it loads beside the rest. Whoever opens the square on it hears what went wrong until then.
 */
export function startSquareThread(entry?: URL): Worker {
  const file = import.meta.url.endsWith('.ts') ? './square-worker.ts' : './square-worker.js'
  const worker = new Worker(entry ?? new URL(file, import.meta.url), { name: 'palabre-square' })
  worker.on('error', () => {})
  return worker
}
