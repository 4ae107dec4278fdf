/**
 * `palabre start` whose guardians sign after a delay of its own: milliseconds in PALABRE_TEST_GUARDIAN_DELAY. The
 * command line has no such option, because the delay is what protects the person.
 */
import { parseArgs } from 'node:util'
import { runHost } from '../../cli/host.ts'
import { hostOptions, parseHostOptions } from '../../cli/host-options.ts'

const { values } = parseArgs({ options: hostOptions, allowPositionals: true })
const guardianDelayMs = Number(process.env.PALABRE_TEST_GUARDIAN_DELAY)
if (!(guardianDelayMs > 0)) throw new Error('PALABRE_TEST_GUARDIAN_DELAY takes milliseconds')
process.exit(await runHost('peer', { ...parseHostOptions(values), hasUi: true, guardianDelayMs }))
