import { describe, expect, it } from 'vitest'
import { plantedNames } from '../../ingest/planted-contacts.ts'
import { slotOf } from '../../model/measure.ts'
import { inFolder, NOW, openTestCore, submitAll, type TestCore, view } from '../support/test-core.ts'

const SALESFORCE = ['003B0000001abcd', '003B0000001abcdIAA']
const GUID = 'a1b2c3d4-0000-4000-8000-00000000abcd'

const touch = (org_uid: string, uid: string, n = 0) => ({
  ...view(`e-${org_uid}-${uid}`, NOW - 60_000 + n, uid),
  org_uid,
})
function touchedIn(core: TestCore, org: string): number {
  const slots = core.engine.slots(core.codes.findActor(org, 'anna'))
  return slots.find(({ slot }) => slot === slotOf('contacts_planted', '1d'))?.count ?? 0
}
async function touched(planted: readonly string[], org: string, uid: string): Promise<number> {
  await using core = await openTestCore(':memory:', { plantedContacts: planted })
  await submitAll(core, [touch(org, uid)])
  return touchedIn(core, org)
}

describe('a planted contact', () => {
  it.each([
    ['as written', 'crm/Kunde-7', 'crm/Kunde-7', 1],
    ['in other letters', 'crm/Kunde-7', 'crm/kunde-7', 0],
    ['by a Salesforce id of 15 characters', SALESFORCE[0], SALESFORCE[1], 1],
    ['by a Salesforce id of 18 characters', SALESFORCE[1], SALESFORCE[0], 1],
    ['by a part of an id that is no Salesforce id', 'abcdefghijklmno123', 'abcdefghijklmno', 0],
    ['by a GUID in capitals and braces', `{${GUID.toUpperCase()}}`, GUID, 1],
    ['by a GUID in small letters', GUID, GUID.toUpperCase(), 1],
  ])('counts %s', async (_how, planted, uid, wanted) => {
    expect(await touched([planted], 'default', uid)).toBe(wanted)
  })

  it('counts in every tenant, or in the one that stands before its id', async () => {
    expect(await touched(['17'], 'salon-4', '17')).toBe(1)
    expect(await touched(['salon-4/17'], 'salon-4', '17')).toBe(1)
    expect(await touched(['salon-4/17'], 'salon-5', '17')).toBe(0)
    expect(await touched([`salon-4/${SALESFORCE[0]}`], 'salon-4', SALESFORCE[1])).toBe(1)
  })

  it('counts after a restart, planted before its tenant was known or after', async () => {
    await inFolder(async (dir) => {
      for (const [n, planted] of [['17'], [], ['17', 'b/18']].entries()) {
        await using core = await openTestCore(dir, { plantedContacts: planted })
        if (n < 2)
          await submitAll(
            core,
            ['17', '18'].map((uid, k) => touch(n === 0 ? 'a' : 'b', uid, k)),
          )
        if (n === 0) await submitAll(core, [touch('c', '17')])
        expect([touchedIn(core, 'a'), touchedIn(core, 'b')]).toEqual(
          [
            [1, 0],
            [0, 0],
            [1, 2],
          ][n],
        )
      }
    })
  })

  it('has three spellings at most', () => {
    expect(plantedNames([SALESFORCE[0], SALESFORCE[1], GUID, '17']).size).toBe(2 + 2 + 1)
  })
})
