import { readFile, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { PalabreError } from '../../util/errors.ts'

/** Ports that a data directory used last: links and session cookies of the window stay good over a restart. */
export interface LastPorts {
  readonly web?: number
  readonly tcp?: number
  readonly ws?: number
}

const FILE = 'ports.json'

/** An address that was asked for by name is taken. */
export class AddressBusyError extends PalabreError {
  constructor(address: string) {
    super('port-busy', `${address} is in use by another program; choose another with --listen`)
  }
}

/** Empty where there is no file, or none that makes sense. */
export async function readPorts(dataDir: string): Promise<LastPorts> {
  try {
    const value: unknown = JSON.parse(await readFile(join(dataDir, FILE), 'utf8'))
    if (typeof value !== 'object' || value === null) return {}
    return Object.fromEntries(
      Object.entries(value).filter(
        ([name, port]) => ['web', 'tcp', 'ws'].includes(name) && Number.isInteger(port) && port > 0 && port < 65_536,
      ),
    )
  } catch {
    return {}
  }
}

export async function writePorts(dataDir: string, ports: LastPorts): Promise<void> {
  const path = join(dataDir, FILE)
  await writeFile(`${path}.tmp`, `${JSON.stringify(ports)}\n`, { mode: 0o600 })
  await rename(`${path}.tmp`, path)
}

/** Whether a TCP port can be listened on there right now. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** @throws AddressBusyError when a multiaddr of `--listen` names a TCP port that is taken */
export async function expectFree(address: string): Promise<void> {
  const found = /^\/ip[46]\/([^/]+)\/tcp\/(\d+)(\/|$)/.exec(address)
  if (!found || found[2] === '0') return
  if (!(await isPortFree(found[1] as string, Number(found[2])))) throw new AddressBusyError(address)
}
