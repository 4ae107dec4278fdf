import { describe, expect, it } from 'vitest'
import { UnsupportedMediaError } from '../../../core/media/errors.ts'
import { MediaService } from '../../../core/media/media-service.ts'
import { fromHex } from '../../../core/util/bytes.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { MemoryTables } from '../../harness/media/memory-tables.ts'
import { holds, jpegFromPhone, pictures, webpOf } from '../../harness/media/pictures.ts'

function setUp() {
  const tables = new MemoryTables()
  return { tables, service: new MediaService({ index: tables, blocks: tables, logger: silentLogger }) }
}

describe('MediaService', () => {
  it('adds a file without its metadata and reads it back, before there is a network', async () => {
    const { service, tables } = setUp()
    const media = await service.add(jpegFromPhone(), { alt: 'a red square', thumbhash: 'AAAA' })
    expect(media).toMatchObject({ type: 'image/jpeg', width: 12, height: 8, alt: 'a red square', thumbhash: 'AAAA' })
    const file = await service.read(media.cid)
    expect(file?.type).toBe('image/jpeg')
    expect(file?.bytes.length).toBe(media.size)
    expect(holds(file?.bytes as Uint8Array, 'SECRET')).toBe(false)
    for (const block of tables.stored.values()) expect(holds(block, 'SECRET')).toBe(false)
    expect(await service.fetch(media.cid)).toBe('here')
  })

  it('gives the same CID for the same picture', async () => {
    const { service } = setUp()
    const [a, b] = [await service.add(pictures.png, { alt: 'a' }), await service.add(pictures.png, { alt: 'b' })]
    expect(a.cid).toBe(b.cid)
  })

  it('keeps what no record refers to yet, and collects it once it is not pending (MED4)', async () => {
    const { service, tables } = setUp()
    const { cid } = await service.add(pictures.png, { alt: '' })
    await service.collect()
    expect(await service.read(cid)).not.toBeNull()
    const dag = tables.dags.get(cid)
    if (dag !== undefined) dag.isPending = false
    await service.collect()
    expect(await service.read(cid)).toBeNull()
  })

  it('refuses what is no picture with the reason, and stores nothing', async () => {
    const { service, tables } = setUp()
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')
    await expect(service.add(svg, { alt: '' })).rejects.toThrow(UnsupportedMediaError)
    await expect(service.add(webpOf(), { alt: '' })).rejects.toMatchObject({ code: 'unsupported-media' })
    expect(tables.stored.size).toBe(0)
  })

  it('reads null for what is not here, not whole, damaged or no CID', async () => {
    const { service, tables } = setUp()
    const { cid } = await service.add(pictures.png, { alt: '' })
    expect(await service.read('../../etc/passwd')).toBeNull()
    expect(await service.read('bafkreidzzc2nzpeycsqypeclu75fluuaqlnsaywqgghehhkztj3rar6wym')).toBeNull()
    const [key, bytes] = [...tables.stored][0] as [string, Uint8Array]
    bytes[60] = (bytes[60] as number) ^ 1
    expect(await service.read(cid)).toBeNull()
    await tables.deleteBlock(fromHex(key) as Uint8Array)
    expect(await service.read(cid)).toBeNull()
  })
})
