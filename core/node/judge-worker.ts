/** Entry of a thread that judges signatures for the store's, and does nothing else: question by question, in order. */
import { parentPort } from 'node:worker_threads'
import { createPlatformVerifier } from '../ingest/platform-verifier.ts'
import { silentLogger } from '../util/logger.ts'
import { type JudgeAnswer, type JudgeQuestion, packJudgements, unpackInputs } from './judge-messages.ts'

/** About 2 kB each. */
const MAX_KEYS = 8_192

function main(): void {
  const port = parentPort
  if (port === null) throw new Error('signatures are judged in a worker thread')
  // The store's thread has said so already where the platform breaks the rule.
  const verifier = createPlatformVerifier({ logger: silentLogger }, MAX_KEYS)
  port.on('message', ({ call, parts }: JudgeQuestion) => {
    const inputs = unpackInputs(parts)
    const codes = packJudgements(inputs.map(({ key, message, signature }) => verifier.verify(key, message, signature)))
    const answer: JudgeAnswer = { call, codes }
    port.postMessage(answer, [codes.buffer])
  })
}

main()
