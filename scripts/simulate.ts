/**
 * Simulates a network of many people and seeds, event by event (docs/simulation.md):
 *
 *     node scripts/simulate.ts --scenario takedown-90 --users 100000 --minutes 10 [--json] [--outage stand-in …]
 *
 * `--help` lists scenarios and parameters. The same arguments give the same figures.
 */
import { HELP, readArguments, UsageError } from './simulate/arguments.ts'
import { figuresOf, formatTable } from './simulate/figures.ts'
import { Simulation } from './simulate/simulation.ts'

try {
  const { scenario, parameters, isJson, isHelp } = readArguments(process.argv.slice(2))
  if (isHelp) {
    process.stdout.write(HELP)
  } else {
    const startedAt = performance.now()
    const outcome = new Simulation(parameters).run()
    const { user, system } = process.cpuUsage()
    const cost = {
      seconds: (performance.now() - startedAt) / 1_000,
      cpuSeconds: (user + system) / 1e6,
      memoryMB: process.resourceUsage().maxRSS / 1_024,
    }
    const figures = figuresOf(scenario, parameters, outcome, cost)
    process.stdout.write(
      isJson
        ? figures.map((figure) => `${JSON.stringify(figure)}\n`).join('')
        : formatTable(scenario, parameters, figures),
    )
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n\n${HELP}`)
  process.exitCode = 2
}
