import type { Readable } from 'node:stream'

/**
 * Lines of a stream without their ends (LF or CRLF), as many at a time as one piece of input completes: the next piece is
 * read when the caller asks for it. A line longer than `maxLength` characters is handed out as its first `maxLength`, the rest is passed over, so that
 * memory stays bounded. A last line without an end counts; an empty piece after the last end doesn't.
 */
export async function* readLines(input: Readable, maxLength: number): AsyncGenerator<string[]> {
  input.setEncoding('utf8')
  let parts: string[] = []
  let length = 0
  const add = (part: string) => {
    if (length < maxLength) parts.push(part.slice(0, maxLength - length))
    length += part.length
  }
  const take = () => {
    const line = parts.join('')
    parts = []
    length = 0
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }
  for await (const piece of input as AsyncIterable<string>) {
    const lines: string[] = []
    let from = 0
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      add(piece.slice(from, end))
      from = end + 1
      lines.push(take())
    }
    if (from < piece.length) add(piece.slice(from))
    if (lines.length > 0) yield lines
  }
  if (length > 0) yield [take()]
}
