import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'

/** @throws PalabreError vault-missing when own records lie in a directory that has no vault */
export async function refuseOrphans(dataDir: string, logger: Logger): Promise<void> {
  const path = join(dataDir, 'own.db')
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (!isThere) return
  logger.error({ path }, 'own records are here, and the vault with their keys is gone')
  throw new PalabreError(
    'vault-missing',
    `${dataDir} holds own records and no vault with their keys: put the file "vault" back, or use another directory`,
    { data: { dataDir } },
  )
}
