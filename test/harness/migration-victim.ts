/** Opens the store in a folder and ends without warning after so many statements: `migration-victim.ts FOLDER STEP`. */
import { openSquare } from '../../core/node/square.ts'
import { ManualClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TEST_EPOCH_MS, TestAuthor } from './authors.ts'
import { watchSteps } from './sqlite-steps.ts'

const [dataDir = '', last = ''] = process.argv.slice(2)
const onStep = (step: number) => {
  if (step === Number(last)) process.kill(process.pid, 'SIGKILL')
}
watchSteps({ onStep }, () => {
  openSquare(
    { clock: new ManualClock(TEST_EPOCH_MS + 86_400_000), logger: silentLogger, onIngested: () => {} },
    { dataDir, domain: 'palabre', role: 'peer', admit: 'all', pins: [], account: new TestAuthor('Ada').account },
  )
})
