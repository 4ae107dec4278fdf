import { resolveDataDir } from '../../core/node/data-dir.ts'
import { askHost } from '../../core/node/local-client.ts'
import { PalabreError } from '../../core/util/errors.ts'
import { canOpenBrowser, openBrowser } from '../browser.ts'
import { type Command, dataOption, EXIT, jsonOption, textOf } from '../command.ts'
import { LINK_ROUTE } from '../host-routes.ts'
import { printJson, printLine } from '../output.ts'

export const openCommand: Command = {
  usage: 'open [--data DIR] [--no-open] [--json]',
  help: `Prints a new link to the window of the running node, and opens it where there is a display.
The link works once and for half an hour. Whoever follows it first has the window: don't pass it on.`,
  options: { data: dataOption, 'no-open': { type: 'boolean', help: 'only print it' }, json: jsonOption },
  positionals: [],
  async run({ values }) {
    const answer = await askHost(resolveDataDir(textOf(values, 'data')), LINK_ROUTE)
    const url = typeof answer === 'object' && answer !== null && 'url' in answer ? answer.url : undefined
    if (typeof url !== 'string') {
      throw new PalabreError('no-ui', 'this node has no window: it was started without one (`seed` needs --ui)')
    }
    if (values.json === true) await printJson({ url })
    else await printLine(url)
    if (values.json !== true && values['no-open'] !== true && canOpenBrowser()) openBrowser(url)
    return EXIT.done
  },
}
