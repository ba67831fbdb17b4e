import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { expect, it } from 'vitest'
import { submitStaffFile } from '../../commands/submit-staff-file.ts'
import { allStaffRecords } from '../../store/staff-records.ts'
import { DAY_MS, inFolder, NOW, openTestCore, staffRecord, type TestCore } from '../support/test-core.ts'

const logger = pino({ enabled: false })
const ANNA = 'actor_uid,status,role\nanna,active,sales\n'
const WRITTEN = NOW - 20 * DAY_MS

async function write(file: string, text: string, changedAt: number): Promise<void> {
  await writeFile(file, text)
  await utimes(file, changedAt / 1000, changedAt / 1000)
}

/** Runs a core as long as `use` takes, which begins with the file as a service does; `fed`: records that it counted. */
async function start(dir: string, file: string, use: (core: TestCore) => Promise<void> = async () => undefined) {
  let fed = 0
  await using core = await openTestCore(dir, { hooks: { staff: (records) => (fed += records) } })
  await submitStaffFile(file, core, 'default', { now: NOW, latestTime: NOW }, logger)
  const fedByFile = fed
  await use(core)
  const records = await allStaffRecords(core.db)
  const { leaver } = core.engine.staffOf(core.codes.actor('default', 'anna'), NOW)
  return { fed: fedByFile, records, leaver }
}

const notice = staffRecord('anna', { status: 'notice', notice_on: '2026-05-20', recorded_at: NOW - 10 * DAY_MS })
const putNotice = (core: TestCore) => core.pipeline.submitStaff([notice])

it('a row without recorded_at was recorded when the file was last changed', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'staff.csv')
    await write(file, ANNA, WRITTEN)
    const { records } = await start(dir, file)
    expect(records).toEqual([staffRecord('anna', { recorded_at: WRITTEN })])
  })
})

it('a row of the future is refused, the others are not', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'staff.csv')
    const recorded = [NOW, NOW + 1].map((time) => `anna,active,${time}\n`)
    await write(file, `actor_uid,status,recorded_at\n${recorded.join('')}`, WRITTEN)
    const { records } = await start(dir, file)
    expect(records.map(({ recorded_at }) => recorded_at)).toEqual([NOW])
  })
})

it('a start with the same file changes nothing, and undoes no notice that came by another way', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'staff.csv')
    await write(file, ANNA, WRITTEN)
    const before = await start(dir, file, putNotice)
    expect(before).toMatchObject({ fed: 1, leaver: 'notice' })
    expect(await start(dir, file)).toEqual({ ...before, fed: 0 })
  })
})

it('a file that was changed after the notice stands above it', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'staff.csv')
    await write(file, ANNA, WRITTEN)
    await start(dir, file, putNotice)
    await write(file, ANNA, NOW - DAY_MS)
    expect(await start(dir, file)).toMatchObject({ fed: 1, leaver: 'none' })
  })
})

it('a file that was written anew adds only what it says anew', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'staff.csv')
    await write(file, `${ANNA}bert,active,sales\n`, WRITTEN)
    await start(dir, file)
    await write(file, `${ANNA}bert,notice,sales\n`, NOW - DAY_MS)
    const { fed, records } = await start(dir, file)
    expect(fed).toBe(1)
    expect(records.filter(({ recorded_at }) => recorded_at > WRITTEN)).toMatchObject([
      { actor_uid: 'bert', status: 'notice', recorded_at: NOW - DAY_MS },
    ])
  })
})

it('of several rows about one person the last one holds, however often the file is written', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'staff.csv')
    for (const changedAt of [WRITTEN, WRITTEN + DAY_MS]) {
      await write(file, `${ANNA}anna,notice,sales\n`, changedAt)
      expect(await start(dir, file)).toMatchObject({ leaver: 'notice' })
      expect(await start(dir, file)).toMatchObject({ fed: 0, leaver: 'notice' })
    }
  })
})

it('a row with recorded_at is taken once, and also when it only says that all is as it was', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'staff.ndjson')
    const row = (recorded_at: string) => `{"actor_uid":"anna","status":"active","recorded_at":"${recorded_at}"}\n`
    await write(file, row('2026-05-01T00:00:00Z'), WRITTEN)
    expect(await start(dir, file)).toMatchObject({ fed: 1 })
    await write(file, row('2026-05-02T00:00:00Z'), WRITTEN)
    expect(await start(dir, file)).toMatchObject({ fed: 1 })
    expect(await start(dir, file)).toMatchObject({ fed: 0 })
  })
})

it('a file from the future was changed now', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'staff.csv')
    await write(file, ANNA, NOW + DAY_MS)
    expect((await start(dir, file)).records).toEqual([staffRecord('anna', { recorded_at: NOW })])
  })
})
