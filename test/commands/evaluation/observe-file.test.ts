import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LabelsFile } from '../../../commands/evaluation/labels-file.ts'
import { createObserver, type Observer, observeFile } from '../../../commands/evaluation/observe-events.ts'
import { CLOUD_EVENT_TYPE } from '../../../model/event.ts'
import { inFolder } from '../../support/test-core.ts'

const from = Date.UTC(2026, 2, 4, 9)
const LABELS: LabelsFile = {
  campaigns: [
    { uid: 'c1', kind: 'burst', actors: ['a'], from, to: from + 60_000, inNotice: null, eventUids: ['e1', 'e2'] },
  ],
  benign: [],
  planted: [],
  scoredFrom: null,
}
const event = { event_uid: 'e1', time: from, actor_uid: 'a', action: 'view', object_uids: ['x'] }

async function observed(lines: readonly (object | string)[]): Promise<Observer> {
  return inFolder(async (dir) => {
    const file = join(dir, 'events.jsonl')
    await writeFile(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
    const observer = createObserver(LABELS, () => 0)
    await observeFile(file, observer)
    return observer
  })
}

test('observes what the import takes, and nothing else', async () => {
  const { time, ...rest } = event
  const observer = await observed([
    event,
    { ...rest, event_uid: 'no zone', time: '2020-01-01T00:00:00' },
    { ...event, event_uid: 'no action', time: from - 1, action: undefined },
    { ...event, event_uid: 'seconds', time: time / 1000 },
    { ...event, event_uid: 'microseconds', time: time * 1000 },
    { ...event, event_uid: 'no time of any calendar', time: 9e15 },
    'no JSON',
    '',
    { ...event, event_uid: 'last', time: '2026-03-04T11:00:00+01:00' },
  ])
  expect(observer.count).toBe(2)
  expect(observer.span).toEqual({ from, to: from + 3_600_000 })
})

test('reads what a CloudEvent says in its envelope', async () => {
  const { event_uid, time, actor_uid, ...data } = event
  const envelope = { specversion: '1.0', type: CLOUD_EVENT_TYPE }
  const observer = await observed([
    { ...envelope, id: event_uid, time: new Date(time).toISOString(), subject: actor_uid, data },
    {
      ...envelope,
      id: 'e2',
      time: new Date(time + 1).toISOString(),
      subject: actor_uid,
      data: { ...data, object_uids: ['y'] },
    },
  ])
  expect(observer.count).toBe(2)
  expect(observer.campaigns()[0].loss).toEqual({ times: [from, from + 1], gone: [1, 2] })
})
