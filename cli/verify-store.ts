import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openDataDir, resolveDataDir } from '../core/node/data-dir.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import { type StoreVerification, verifyStore } from '../core/node/verify-store.ts'
import { NotFoundError } from '../core/util/errors.ts'
import { silentLogger } from '../core/util/logger.ts'
import { EXIT, type OptionValues, textOf } from './command.ts'
import { networkOf } from './host-options.ts'
import { printJson, printLine, warnLine } from './output.ts'

const PROGRESS_MS = 2_000

/** `palabre verify --store`: answers the exit code. */
export async function runVerifyStore(values: OptionValues): Promise<number> {
  const network = await loadNetworkDescriptor(networkOf(values))
  const path = resolveDataDir(textOf(values, 'data'))
  if (!existsSync(join(path, 'own.db'))) throw new NotFoundError(`there is no store in ${path}`)
  const dataDir = await openDataDir(path)
  let saidMs = performance.now()
  const onProgress = (looked: number) => {
    if (performance.now() - saidMs < PROGRESS_MS) return
    saidMs = performance.now()
    warnLine(`… ${looked.toLocaleString('en-US')} looked at`)
  }
  try {
    const init = { dataDir: dataDir.path, domain: network.domain }
    const result = verifyStore({ logger: silentLogger, onProgress }, init)
    if (values.json === true) await printJson(result)
    else for (const line of linesOf(result)) await printLine(line)
    return isSound(result) ? EXIT.done : EXIT.failed
  } finally {
    await dataDir.release()
  }
}

function isSound({ damaged, rebuilt }: StoreVerification): boolean {
  return damaged.records + damaged.operations + damaged.blocks === 0 && rebuilt.length === 0
}

function linesOf(result: StoreVerification): string[] {
  const { looked, damaged, rebuilt } = result
  const lines = [`${looked.toLocaleString('en-US')} records, operations and blocks looked at.`]
  if (isSound(result)) return [...lines, 'Nothing is damaged.']
  lines.push(`Damaged: ${damaged.records} records, ${damaged.operations} operations, ${damaged.blocks} blocks.`)
  if (rebuilt.length > 0) {
    lines.push(`Made anew from what could be proven: ${rebuilt.join(', ')}. The old files lie in the folder "damaged".`)
  }
  return [...lines, 'What is missing now is fetched when the node runs.']
}
