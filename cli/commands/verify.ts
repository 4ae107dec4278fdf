import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { runSignatureSelfTest } from '../../core/identity/self-test.ts'
import { createSignatureVerifier } from '../../core/identity/signature.ts'
import { createNativeVerify } from '../../core/ingest/native-verify.ts'
import { verifyRecordLine, verifySignatureLine } from '../../core/record/verify-lines.ts'
import { PalabreError } from '../../core/util/errors.ts'
import { type Command, dataOption, EXIT, jsonOption, UsageError } from '../command.ts'
import { readLines } from '../lines.ts'
import { printLine } from '../output.ts'

const MAX_KEYS = 4_096
/** Longer than any record; what is longer is judged by its beginning, which says "too large" or "no hex". */
const MAX_RECORD_LINE = 1_048_576
const MAX_SIGNATURE_LINE = 64 * 1_048_576

export const verifyCommand: Command = {
  usage: 'verify [FILE] [--signatures] | verify --store [--data DIR] [--network NAME] [--json]',
  help: `Reads records in hex, one a line, from FILE or stdin, and prints one verdict a line, in order:
{"verdict":"accept","id"}, {"verdict":"unreadable","id","reason"} or {"verdict":"reject","reason"}.
Bytes and signature only: no identity, no clock. Needs no running node. Exit code 0 when every line was judged.

With --signatures the lines are {"publicKey","message","signature"} in hex, the answers {"valid","reason"?}.

With --store it looks through the data directory, in which no node may be running: every record, picture and page. What is
damaged is mended from what else lies there, or left for the node to fetch. Exit code 1 when anything was damaged.`,
  options: {
    signatures: { type: 'boolean', help: 'judge bare signatures instead of records' },
    store: { type: 'boolean', help: 'look through the data directory instead' },
    data: dataOption,
    network: { type: 'string', value: 'NAME', help: 'the network that it belongs to, as `start` has it' },
    json: jsonOption,
  },
  positionals: ['FILE'],
  optional: 1,
  async run({ values, positionals }) {
    if (values.store === true) {
      if (positionals.length > 0) throw new UsageError('--store looks through a data directory, not a FILE')
      const { runVerifyStore } = await import('../verify-store.ts')
      return await runVerifyStore(values)
    }
    const native = createNativeVerify(MAX_KEYS)
    const verifier = createSignatureVerifier({
      maxKeys: MAX_KEYS,
      native: runSignatureSelfTest(native) ? native : undefined,
    })
    const file = positionals[0]
    const input = file === undefined || file === '-' ? process.stdin : createReadStream(file)
    await (values.signatures === true
      ? judge(input, MAX_SIGNATURE_LINE, (line) => verifySignatureLine(line, verifier))
      : judge(input, MAX_RECORD_LINE, (line) => verifyRecordLine(line, verifier)))
    return EXIT.done
  },
}

/** Answers each piece of input before it reads the next, so that whoever asks line by line isn't kept waiting. */
async function judge(input: Readable, maxLine: number, judgeLine: (line: string) => unknown): Promise<void> {
  try {
    for await (const lines of readLines(input, maxLine)) {
      await printLine(lines.map((line) => JSON.stringify(judgeLine(line))).join('\n'))
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new PalabreError('unreadable-input', error.message, { cause: error })
  }
}
