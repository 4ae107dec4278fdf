/**
 * Writes test/vectors/*.json. The formats are frozen: a run on a clean checkout changes nothing, and a change in a
 * line that was released is a break of the protocol.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { allVectorFiles } from './vectors/all-vectors.ts'

for (const [name, text] of allVectorFiles()) {
  await writeFile(fileURLToPath(new URL(`../test/vectors/${name}`, import.meta.url)), text)
  process.stdout.write(`${name}: ${text.length} bytes\n`)
}
