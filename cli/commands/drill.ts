import { type DrillCut, drillCutSchema, MAX_DRILL_MINUTES } from '../../core/contract/drill.ts'
import { type Command, dataOption, EXIT, jsonOption, numberOf, textOf, UsageError } from '../command.ts'
import { runDrill } from '../drilling.ts'
import { withNode } from '../with-node.ts'

export const drillCommand: Command = {
  usage: 'drill [--cut seeds|internet] [--minutes N] [--data DIR] [--json]',
  help: `Cuts the running node off from its seeds, or from the internet, for some minutes, and reports what still worked.
Nothing is lost: what is written meanwhile leaves afterwards. Ctrl-C ends the cut at once. Others aren't cut off. --json
prints what drill.status says, a line each time that it changes; the last line is the report.`,
  options: {
    cut: { type: 'string', value: 'seeds|internet', help: 'what is cut off (default: seeds)' },
    minutes: { type: 'string', value: 'N', help: `for how long, 1 to ${MAX_DRILL_MINUTES} (default: 5)` },
    data: dataOption,
    json: jsonOption,
  },
  positionals: [],
  async run({ values }) {
    const cut = cutOf(textOf(values, 'cut'))
    const minutes = numberOf(values, 'minutes', 1, MAX_DRILL_MINUTES) ?? MAX_DRILL_MINUTES
    const isJson = values.json === true
    return withNode(values, async (client) => {
      await runDrill(client, { cut, minutes }, { isJson, isTerminal: process.stdout.isTTY === true && !isJson })
      return EXIT.done
    })
  },
}

/** @throws UsageError */
function cutOf(text = 'seeds'): DrillCut {
  const { data } = drillCutSchema.safeParse(text)
  if (data === undefined) throw new UsageError(`--cut takes seeds or internet, got ${JSON.stringify(text)}`)
  return data
}
