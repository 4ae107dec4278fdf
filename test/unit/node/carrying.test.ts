import { describe, expect, it, onTestFinished } from 'vitest'
import { OutageHelp } from '../../../core/node/outage-help.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { portsOf } from '../../harness/square-sync.ts'
import { TestSquare } from '../../harness/test-square.ts'
import { eventually } from '../../harness/wait.ts'

function people() {
  return { me: new TestAuthor('Me'), ana: new TestAuthor('Ana'), ben: new TestAuthor('Ben') }
}

describe('who is carried for neighbours (FEE11)', () => {
  const keeps = (test: TestSquare, author: TestAuthor) =>
    test.ingest({ records: [author.post(`post ${author.records.length}`)] }, { kind: 'gossip', peer: 'peer' })
      .records[0]?.isKept

  it('is nobody who is blocked meanwhile, and who isn’t any more is again', () => {
    const { me, ana, ben } = people()
    const test = new TestSquare({ me })
    test.ingest({ operations: [ana.genesis, ben.genesis] })
    expect(test.square.setCarried([ana.address, ben.address])).toEqual([ana.address, ben.address])
    expect([keeps(test, ana), keeps(test, ben)]).toEqual([true, true])
    test.ingest({ records: [me.block(ana)] })
    test.square.settleSilences([])
    expect([keeps(test, ana), keeps(test, ben)]).toEqual([false, true])
    expect(test.square.setCarried([ana.address, ben.address])).toEqual([ben.address])
    test.ingest({ records: [me.block(ana, false)] })
    test.square.settleSilences([])
    expect([keeps(test, ana), keeps(test, ben)]).toEqual([true, true])
  })

  it('is nobody who is blocked where the account is told after the neighbours’ wishes, as after a repair', () => {
    const { me, ana, ben } = people()
    const before = new TestSquare({ me })
    before.ingest({ operations: [ana.genesis, ben.genesis], records: [me.block(ana)] })
    before.close()
    const test = new TestSquare({ dataDir: before.dataDir })
    expect(test.square.setCarried([ana.address, ben.address])).toHaveLength(2)
    test.square.setAccount(me.account)
    expect([keeps(test, ana), keeps(test, ben)]).toEqual([false, true])
  })
})

describe('OutageHelp', () => {
  /** In an outage, over a real store, with a neighbour that wants to hear these; whose chains it asks for. */
  function open(test: TestSquare, wanted: readonly TestAuthor[]) {
    const asked: Uint8Array[] = []
    let carried = 0
    let fullSyncs = 0
    const help = new OutageHelp(
      {
        host: { subscribe: () => () => {}, connections: () => [], isConnected: () => true },
        feeds: { listAlone: () => [], open: () => Promise.reject(new Error('nobody is here')) },
        whois: {
          ask: async (_, question) => {
            if (question.by === 'key') asked.push(question.key)
            return []
          },
        },
        scheduler: { requestAuthors: () => {}, requestEverything: () => void fullSyncs++ },
        store: {
          ...portsOf(test),
          setCarried: async (authors) => {
            carried++
            return test.square.setCarried(authors)
          },
        },
        clock: systemClock,
        logger: silentLogger,
      },
      { isInOutage: () => true, isSeed: () => false },
    )
    onTestFinished(() => help.stop())
    help.start()
    help.noteSync({ type: 'interest', peerId: 'neighbour', keys: wanted.map(({ address }) => address) })
    return { help, asked, hasCarried: () => carried > 0, fullSyncs: () => fullSyncs }
  }

  it('asks for the chain of nobody whom the account blocks, before or while they are carried (FEE11)', async () => {
    const { me, ana, ben } = people()
    const cleo = new TestAuthor('Cleo')
    const test = new TestSquare({ me })
    test.ingest({ operations: [ana.genesis, ben.genesis], records: [me.block(ana)] })
    const { help, asked, hasCarried } = open(test, [ana, ben, cleo])
    await eventually('the store knows whom to carry', hasCarried)
    help.noteStranger(ana.address, 'neighbour')
    help.noteStranger(cleo.address, 'neighbour')
    expect(asked).toEqual([cleo.address])
    test.listeners.add((event) => help.noteIngested(event))
    test.ingest({ records: [me.block(ben)] })
    await new Promise((resolve) => setImmediate(resolve))
    help.noteStranger(ben.address, 'neighbour')
    expect(asked).toEqual([cleo.address])
  })

  it('syncs with everybody when somebody is wanted who wasn’t, and not for each profile that is read (FEE11)', () => {
    const { help, fullSyncs } = open(new TestSquare(), [])
    help.noteWanted(false)
    expect(fullSyncs()).toBe(0)
    help.noteWanted(true)
    expect(fullSyncs()).toBe(1)
  })
})
