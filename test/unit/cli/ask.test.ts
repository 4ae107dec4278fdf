import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { askYesNo } from '../../../cli/ask.ts'

/** What is answered to what is typed, and what was shown. */
async function ask(typed: readonly string[], stop?: AbortController) {
  const input = new PassThrough()
  const output = new PassThrough()
  const answer = askYesNo('Same? ', { input, output, signal: (stop ?? new AbortController()).signal })
  for (const line of typed) input.write(line)
  if (stop === undefined) input.end()
  else stop.abort()
  const matches = await answer
  output.end()
  return { matches, shown: await text(output) }
}

describe('askYesNo', () => {
  it.each([
    [['y\n'], true],
    [['YES\n'], true],
    [[' yes \r\n'], true],
    [['n\n'], false],
    [['No\n', 'y\n'], false],
    [[], false],
    [['y'], true],
  ])('takes %j for %s', async (typed, matches) => {
    expect((await ask(typed)).matches).toBe(matches)
  })

  it('asks again until it is one or the other', async () => {
    const { matches, shown } = await ask(['what?\n', '\n', 'y\n'])
    expect(matches).toBe(true)
    expect(shown).toBe('Same? Please answer y or n: Please answer y or n: ')
  })

  it('takes the signal for a no', async () => {
    expect((await ask(['maybe\n'], new AbortController())).matches).toBe(false)
  })
})
