import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { describeCallError, type LocalConnection } from '../../core/node/local-client.ts'
import { type Command, dataOption, EXIT, UsageError } from '../command.ts'
import { printJson } from '../output.ts'
import { withNode } from '../with-node.ts'

const METHOD = /^[a-z][a-zA-Z]*(\.[a-z][a-zA-Z]*)+$/
/** Parameters that name files of this computer, by method: relative to where the caller is, not the node. */
const PATH_KEYS: Readonly<Record<string, string>> = {
  'media.add': 'path',
  'media.get': 'out',
  'archive.import': 'path',
}

export const callCommand: Command = {
  usage: 'call METHOD [JSON] [--data DIR]',
  help: `Calls a method of the running node, such as \`posts.create '{"text":"hello"}'\`, and prints the result as one
line of JSON; a stream prints a line for each item until Ctrl-C. JSON \`-\` is read from stdin.
Errors are printed as {"error":{"code","message"}}, and the exit code is 1. docs/cli.md lists the methods.`,
  options: { data: dataOption },
  positionals: ['METHOD', 'JSON'],
  optional: 1,
  isForScripts: true,
  async run({ values, positionals }) {
    const [method = '', json] = positionals
    if (!METHOD.test(method)) throw new UsageError(`METHOD looks like posts.create, got ${JSON.stringify(method)}`)
    const input = withOwnPaths(method, await readInput(json))
    return withNode(values, async (client, connection) => {
      try {
        const result = await findProcedure(client, method)(input)
        if (isStream(result)) await printStream(result)
        else await printJson(result)
        return EXIT.done
      } catch (error) {
        await printJson({ error: describe(error, method, connection) })
        return EXIT.failed
      }
    })
  },
}

async function readInput(json: string | undefined): Promise<unknown> {
  if (json === undefined) return undefined
  try {
    return JSON.parse(json === '-' ? await text(process.stdin) : json)
  } catch (error) {
    throw new UsageError(`the parameters are not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function withOwnPaths(method: string, input: unknown): unknown {
  const key = PATH_KEYS[method]
  if (key === undefined || typeof input !== 'object' || input === null) return input
  const path = (input as Record<string, unknown>)[key]
  return typeof path === 'string' && path !== '' ? { ...input, [key]: resolve(path) } : input
}

function findProcedure(client: unknown, method: string): (input: unknown) => Promise<unknown> {
  let at = client as Record<string, unknown>
  for (const part of method.split('.')) at = at[part] as Record<string, unknown>
  return at as unknown as (input: unknown) => Promise<unknown>
}

function isStream(value: unknown): value is AsyncIterator<unknown> & AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** Ends with the stream, or with Ctrl-C, which is how one ends a stream that has no end. */
async function printStream(stream: AsyncIterator<unknown>): Promise<void> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  process.stdout.once('error', stop)
  const stopped = once(stopping.signal, 'abort').then(() => ({ done: true as const, value: undefined }))
  try {
    for (;;) {
      const { done, value } = await Promise.race([stream.next(), stopped])
      if (done) return
      await printJson(value)
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    stopping.abort()
    await stream.return?.()
  }
}

function describe(error: unknown, method: string, connection: LocalConnection) {
  const described = describeCallError(error)
  if (described.code === 'not-found' && described.message === 'Not Found') {
    return { code: 'unknown-method', message: `this node has no method ${method}` }
  }
  return connection.isOpen ? described : { code: 'disconnected', message: 'the node went away' }
}
