import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { BadRequestError } from '../util/errors.ts'

/** Which square a node belongs to: peers of different descriptors never talk. */
export interface NetworkDescriptor {
  /** 'local', 'public' or what the descriptor file says. */
  readonly name: string
  /** First part of every signing input and protocol name: signatures of one network mean nothing in another. */
  readonly domain: string
  /** Multiaddrs that every node of the network may dial at start. */
  readonly bootstrap: readonly string[]
  /** Loopback only: nothing leaves the machine. */
  readonly isLocal: boolean
  /** Finds nodes nearby by multicast, and is found by them. */
  readonly hasLan: boolean
}

const MAX_FILE_BYTES = 64 * 1024
const MAX_BOOTSTRAP = 64

const descriptorSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected 1 to 32 characters of a-z, 0-9 and "-"'),
  domain: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected 1 to 32 characters of a-z, 0-9 and "-"')
    .optional(),
  bootstrap: z.array(z.string().min(3).max(512)).max(MAX_BOOTSTRAP).default([]),
  local: z.boolean().default(false),
  lan: z.boolean().optional(),
})

const BUILT_IN: Readonly<Record<string, NetworkDescriptor>> = {
  local: { name: 'local', domain: 'palabre', bootstrap: [], isLocal: true, hasLan: false },
  // No public default seeds exist yet: a peer is given by --peer or by a link.
  public: { name: 'public', domain: 'palabre', bootstrap: [], isLocal: false, hasLan: true },
}

/**
 * The built-in network of that name ('local', 'public'), or the one that a JSON file describes:
 * `{"name", "domain"?, "bootstrap"?: [multiaddr], "local"?: boolean, "lan"?: boolean}`.
 *
 * @throws BadRequestError when the file can't be read or says something else
 */
export async function loadNetworkDescriptor(nameOrFile: string): Promise<NetworkDescriptor> {
  const builtIn = Object.hasOwn(BUILT_IN, nameOrFile) ? BUILT_IN[nameOrFile] : undefined
  if (builtIn !== undefined) return builtIn
  let text: string
  try {
    text = await readFile(nameOrFile, 'utf8')
  } catch (cause) {
    throw new BadRequestError(`network "${nameOrFile}" is neither local nor public nor a readable file`, { cause })
  }
  if (text.length > MAX_FILE_BYTES) {
    throw new BadRequestError(`network file ${nameOrFile} is ${text.length} bytes, limit ${MAX_FILE_BYTES}`)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new BadRequestError(`network file ${nameOrFile} is not JSON`, { cause })
  }
  const parsed = descriptorSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new BadRequestError(`network file ${nameOrFile}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  const { name, domain, bootstrap, local, lan } = parsed.data
  return { name, domain: domain ?? 'palabre', bootstrap, isLocal: local, hasLan: lan ?? !local }
}
