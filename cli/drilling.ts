import { setTimeout as pause } from 'node:timers/promises'
import type { Drill, DrillCut } from '../core/contract/drill.ts'
import type { LocalConnection } from '../core/node/local-client.ts'
import { PalabreError } from '../core/util/errors.ts'
import { CUTS, drillProgress, drillReport } from './drill-lines.ts'
import { printJson, printLine } from './output.ts'

type Client = Pick<LocalConnection['client'], 'drill'>

const POLL_MS = 500

/** Has the node drill and follows that to the report. Ctrl-C ends the cut; another one ends the waiting for a seed. */
export async function runDrill(
  client: Client,
  what: { readonly cut: DrillCut; readonly minutes: number },
  output: { readonly isJson: boolean; readonly isTerminal: boolean },
): Promise<void> {
  let stopping = new AbortController()
  const leave = () => stopping.abort()
  process.on('SIGINT', leave).on('SIGTERM', leave)
  const show = createDisplay(output)
  try {
    let drill = known((await client.drill.start(what)).drill)
    if (!output.isJson) {
      await printLine(`without ${CUTS[what.cut]} for ${what.minutes} min; Ctrl-C ends it; nothing written is lost`)
    }
    while (drill.state !== 'ended') {
      await show(drill)
      await pause(POLL_MS, undefined, { signal: stopping.signal }).catch(() => {})
      if (!stopping.signal.aborted) {
        drill = known((await client.drill.status()).drill)
        continue
      }
      if (drill.state === 'returning') break
      stopping = new AbortController()
      drill = known((await client.drill.stop()).drill)
    }
    await show(drill)
    if (!output.isJson) for (const line of drillReport(drill)) await printLine(line)
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave)
  }
}

/** @throws PalabreError disconnected */
function known(drill: Drill | null): Drill {
  if (drill === null) throw new PalabreError('disconnected', 'the node knows of no drill')
  return drill
}

function createDisplay({ isJson, isTerminal }: { readonly isJson: boolean; readonly isTerminal: boolean }) {
  let said = ''
  return async (drill: Drill): Promise<void> => {
    const text = isJson ? JSON.stringify(drill) : drillProgress(drill, Date.now())
    if (text === said) return
    said = text
    if (isJson) await printJson(drill)
    else if (isTerminal) process.stdout.write(drill.state === 'ended' ? '\r\u001b[K' : `\r\u001b[K${text}`)
  }
}
