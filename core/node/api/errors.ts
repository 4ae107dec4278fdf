import { ORPCError } from '@orpc/server'
import { PalabreError } from '../../util/errors.ts'
import type { Logger } from '../../util/logger.ts'

/** HTTP-like status of the codes that are not 400; carriers that have no status ignore it. */
const STATUS: Readonly<Record<string, number>> = {
  'not-found': 404,
  'no-account': 409,
  'account-exists': 409,
  'not-owner': 403,
  'not-here': 403,
  unreachable: 502,
  'disk-full': 507,
  stopping: 503,
  busy: 503,
  'store-busy': 503,
  'store-stopped': 503,
  internal: 500,
}

export interface ErrorSituation {
  /** `posts.create` */
  readonly method: string
  /** The caller went away. */
  readonly isAborted: boolean
  readonly logger: Logger
}

/**
 * What the caller gets of an error: expected ones keep code, message and data; a parameter that fails its schema becomes
 * `bad-request` with a sentence that names the field; anything else becomes `internal` without details, and the cause
 * goes to the log.
 */
export function toApiError(error: unknown, situation: ErrorSituation): ORPCError<string, unknown> {
  if (error instanceof PalabreError) return expected(error.code, error.message, error.data)
  if (error instanceof ORPCError) {
    const issues = issuesOf(error)
    if (error.code === 'BAD_REQUEST' && issues !== null) {
      return expected('bad-request', describeIssue(situation.method, issues), {})
    }
    if (error.code === 'BAD_REQUEST') return expected('bad-request', error.message, {})
  }
  if (situation.isAborted) return expected('cancelled', 'the caller went away', {})
  situation.logger.error({ err: error, method: situation.method }, 'a call failed unexpectedly')
  return expected('internal', 'something unexpected went wrong; the log of the node has the cause', {})
}

function expected(code: string, message: string, data: unknown): ORPCError<string, unknown> {
  return new ORPCError(code, { message, data, status: STATUS[code] ?? 400 })
}

interface Issue {
  readonly message: string
  readonly path: readonly PropertyKey[]
}

function issuesOf(error: ORPCError<string, unknown>): readonly Issue[] | null {
  const data = error.data
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return null
  return data.issues.map((issue: unknown) => {
    const fields = typeof issue === 'object' && issue !== null ? issue : {}
    const path = 'path' in fields && Array.isArray(fields.path) ? fields.path : []
    return {
      message: 'message' in fields && typeof fields.message === 'string' ? fields.message : 'not understood',
      path: path.map((part: unknown) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part)),
    } as Issue
  })
}

function describeIssue(method: string, issues: readonly Issue[]): string {
  const issue = issues[0]
  if (issue === undefined) return `${method}: parameters not understood`
  const field = issue.path.map(String).join('.')
  return field === '' ? `${method}: ${issue.message}` : `${method}: parameter "${field}": ${issue.message}`
}
