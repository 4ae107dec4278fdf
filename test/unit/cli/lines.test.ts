import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readLines } from '../../../cli/lines.ts'

async function collect(pieces: readonly (string | Buffer)[], maxLength = 100): Promise<string[][]> {
  const groups: string[][] = []
  for await (const lines of readLines(Readable.from(pieces, { objectMode: false }), maxLength)) groups.push(lines)
  return groups
}

describe('readLines', () => {
  it('joins lines over pieces and gives those that a piece completes together', async () => {
    expect((await collect(['a\nb', 'c\nd\n', 'e'])).flat()).toEqual(['a', 'bc', 'd', 'e'])
  })

  it('keeps empty lines, and adds none after the last end', async () => {
    expect((await collect(['\n\na\n'])).flat()).toEqual(['', '', 'a'])
    expect(await collect([''])).toEqual([])
  })

  it('takes CRLF as one end', async () => {
    expect((await collect(['a\r', '\nb\r\n'])).flat()).toEqual(['a', 'b'])
  })

  it('joins a character that lies across two pieces', async () => {
    const bytes = Buffer.from('é\n')
    expect((await collect([bytes.subarray(0, 1), bytes.subarray(1)])).flat()).toEqual(['é'])
  })

  it('cuts a line that is too long, and goes on with the next', async () => {
    expect((await collect(['12345', '6789\nab\n'], 4)).flat()).toEqual(['1234', 'ab'])
  })

  it('reads no further than it is asked', async () => {
    let produced = 0
    const endless = Readable.from(
      (function* () {
        for (;;) {
          produced++
          yield `${'x'.repeat(9_999)}\n`
        }
      })(),
      { objectMode: false },
    )
    for await (const lines of readLines(endless, 10_000)) {
      expect(lines[0]).toHaveLength(9_999)
      break
    }
    expect(produced).toBeLessThan(100)
  })
})
