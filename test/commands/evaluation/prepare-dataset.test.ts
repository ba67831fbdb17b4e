import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../../commands/evaluation/dataset.ts'
import { prepareFolder } from '../../../commands/evaluation/prepare-dataset.ts'
import { configOf, load } from '../../config/load.ts'
import { DAY_MS, inFolder, NOW } from '../../support/test-core.ts'

const config = configOf(load(''))
const START = Date.UTC(2026, 2, 2)
const WEEKS = 10
const at = (day: number) => new Date(START + day * DAY_MS).toISOString()

const view = (day: number, actor_uid: string) => ({
  event_uid: `e${day}-${actor_uid}`,
  time: at(day),
  actor_uid,
  action: 'view',
  object_uids: [`c${day}`],
})
const EVENTS = Array.from({ length: WEEKS * 7 + 1 }, (_, day) => view(day, 'anna'))
const campaign = { campaign_uid: 'theft-1', kind: 'burst', actor_uids: ['anna'], from: at(65), to: at(66) }

interface Folder {
  readonly events?: readonly object[] | Buffer
  readonly staff?: readonly object[]
  readonly labels?: object
  readonly warmUpWeeks?: number
}

interface Prepared extends Dataset {
  readonly said: readonly string[]
}

const jsonLines = (items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('')

async function prepare(given: Folder): Promise<Prepared> {
  return inFolder(async (dir) => {
    const { events = EVENTS, staff = [], labels = { campaigns: [campaign] }, warmUpWeeks = null } = given
    const source = join(dir, 'march')
    await writeFolder(source, { events, staff, labels })
    const said: string[] = []
    const say = (text: string) => said.push(text.replaceAll(dir, ''))
    try {
      const parts = { config, warmUpWeeks, say, now: () => NOW }
      return { ...(await prepareFolder(source, join(dir, 'store'), 'UTC', parts)), said }
    } catch (error) {
      throw new Error(error instanceof Error ? error.message.replaceAll(dir, '') : '')
    }
  })
}

async function writeFolder(dir: string, { events, staff, labels }: Required<Omit<Folder, 'warmUpWeeks'>>) {
  await mkdir(dir)
  await writeFile(join(dir, 'events.jsonl'), Buffer.isBuffer(events) ? events : jsonLines(events))
  if (staff.length > 0) await writeFile(join(dir, 'staff.jsonl'), jsonLines(staff))
  await writeFile(join(dir, 'labels.json'), JSON.stringify(labels))
}

describe('prepareFolder', () => {
  it('takes labels that the data bear out', async () => {
    const found = { ...campaign, event_uids: ['e65-anna', 'not there'] }
    const onStaff = { ...campaign, actor_uids: ['anna', 'bert'] }
    const { truth, said } = await prepare({
      labels: { campaigns: [found, onStaff] },
      staff: [{ actor_uid: 'bert', status: 'active' }],
    })
    expect(truth.campaigns.map(({ actors }) => actors)).toEqual([['anna'], ['anna', 'bert']])
    expect(said).toEqual([])
  })

  it.each([
    [
      'an actor whom nobody knows',
      [campaign, { ...campaign, campaign_uid: 'theft-2', actor_uids: ['anna', 'ana'] }],
      "/march/labels.json: campaigns[1] 'theft-2': actor 'ana' occurs neither in the events nor among the staff",
    ],
    [
      'events that are not there',
      [{ ...campaign, event_uids: ['x1', 'x2'] }],
      "/march/labels.json: campaigns[0] 'theft-1': none of its event_uids is in the events (2 of them, the first 'x1')",
    ],
  ])('doubts labels with %s, and judges them', async (_, campaigns, message) => {
    const { truth, said } = await prepare({ labels: { campaigns } })
    expect(said).toEqual([message])
    expect(truth.campaigns).toHaveLength(campaigns.length)
  })

  it('finds the events of campaigns that share them', async () => {
    const sharing = { ...campaign, event_uids: ['e65-anna'] }
    const { truth } = await prepare({ labels: { campaigns: [sharing, { ...sharing, campaign_uid: 'theft-2' }] } })
    expect(truth.campaigns).toHaveLength(2)
  })

  it('leaves out campaigns outside the events, whoever was in them, and says so', async () => {
    const before = { ...campaign, campaign_uid: 'theft-0', actor_uids: ['gone'], from: at(-9), to: at(-8) }
    const { said } = await prepare({ labels: { campaigns: [campaign, { ...before, event_uids: ['x'] }] } })
    expect(said).toEqual([
      `/march/labels.json: 1 of 2 campaigns outside the events (${at(0)} to ${at(WEEKS * 7)}) left out, the first 'theft-0'`,
    ])
  })

  const NOTHING = 'nothing to evaluate in /march/events.jsonl'
  it.each([
    ['an empty file', Buffer.alloc(0), `${NOTHING}: it holds no events`],
    ['empty lines', Buffer.from('\n\n'), `${NOTHING}: it holds no events`],
    [
      'bytes',
      Buffer.from([0, 255, 10, 1, 2]),
      `${NOTHING}: all its lines are refused, line 1: the line is not valid JSON`,
    ],
    ['other objects', [{ a: 1 }], `${NOTHING}: all its lines are refused, line 1: actor_uid is missing`],
  ])('refuses %s', async (_, events, message) => {
    await expect(prepare({ events })).rejects.toThrow(message)
  })

  it('judges what is left after the warm-up', async () => {
    const { truth } = await prepare({ warmUpWeeks: WEEKS })
    expect(truth.to - truth.from).toBe(1)
  })

  it.each([
    [
      'a warm-up as long as the data',
      { warmUpWeeks: WEEKS + 1 },
      '/march: --warm-up-weeks 11 leaves nothing to judge, for its events span 10.0 weeks',
    ],
    [
      'a beginning of judging after the last event',
      { labels: { campaigns: [campaign], scored_from: at(WEEKS * 7 + 1) } },
      `/march/labels.json: scored_from ${at(WEEKS * 7 + 1)} leaves nothing to judge, for the last event is of ${at(WEEKS * 7)}`,
    ],
  ])('refuses %s', async (_, given, message) => {
    await expect(prepare(given)).rejects.toThrow(message)
  })
})
