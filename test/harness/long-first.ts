import { join } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Longest first. Measured now and then; a file that is missing here only starts later. */
const LONG = [
  'netns/nat-matrix',
  'e2e/guardian-story',
  'e2e/account-story',
  'e2e/web-story',
  'e2e/axe',
  'integration/cli',
  'fuzz/signature-rule',
  'integration/newcomer',
  'integration/recovery',
  'integration/all-back',
  'integration/guardians',
  'integration/media-exchange',
  'integration/linking',
  'integration/split-halves',
  'integration/node-lifecycle',
  'integration/cli-recovery',
  'integration/kill-nine',
  'integration/square',
  'integration/two-devices',
  'integration/rolling-partitions',
  'integration/recovery-admitted',
  'integration/protect',
  'e2e/keyboard',
  'fuzz/identity-chain',
]

/** Starts the longest files of each project first, so that none of them runs on alone when all others have ended. */
export class LongFirstSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = new Map(LONG.map((name, place) => [join(this.ctx.config.root, 'test', `${name}.test.ts`), place]))
    const placeOf = ({ moduleId }: TestSpecification) => places.get(moduleId) ?? LONG.length
    const sorted = await super.sort(files)
    const names = [...new Set(sorted.map(({ project }) => project.name))]
    return names.flatMap((name) =>
      sorted.filter(({ project }) => project.name === name).sort((a, b) => placeOf(a) - placeOf(b)),
    )
  }
}
