import { describe, expect, it } from 'vitest'
import {
  type CaseEvent,
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  ordinaryWork,
  spree,
  staffRecord,
  uneven,
  weekday,
} from '../../../fixtures/cases/case.ts'
import { slotOf } from '../../../model/measure.ts'
import { createBench } from '../fold-case.ts'

const view = (afterMs: number): CaseEvent => ({
  time: MONDAY + afterMs,
  actor: 'anna',
  action: 'view',
  objects: ['c1'],
})

/** Contacts opened and not worked on within 28 days, at the last of the events. */
function unworkedAfter(...events: CaseEvent[]): number {
  const bench = createBench()
  bench.fold(events)
  const slots = bench.engine.slots(bench.actor('anna'))
  return slots.find(({ slot }) => slot === slotOf('contacts_unworked', '28d'))?.count ?? Number.NaN
}

describe('a contact that was opened', () => {
  it.each([
    ['once', [view(0)], 1],
    ['and changed', [view(0), { ...view(1_000), action: 'update' as const }], 0],
    ['again a minute later', [view(0), view(MINUTE)], 0],
    ['again within a minute, as a page loaded twice is', [view(0), view(MINUTE - 1)], 1],
    ['three times, never a minute after the last', [view(0), view(40_000), view(80_000)], 1],
    ['and copied from later', [view(0), { ...view(5 * MINUTE), action: 'copy' as const }], 1],
    ['again after 28 days', [view(0), view(28 * DAY)], 0],
    ['again after longer, when it is new once more', [view(0), view(28 * DAY + 1)], 1],
    ['and by somebody else too', [view(0), { ...view(HOUR), actor: 'bert' }], 1],
  ])('%s', (_, events, unworked) => {
    expect(unworkedAfter(...events)).toBe(unworked)
  })
})

const DAYS = 60
const PEOPLE = ['anna', 'bela', 'cora', 'dana', 'emil', 'fritz']

/** Six people's work on ever other contacts, then five days on which one of them looks through many more. */
function detectorsThatReport(workOn: (view: CaseEvent, i: number) => CaseEvent | null): string[] {
  const views = PEOPLE.flatMap((actor) => ordinaryWork(actor, DAYS, uneven(30))).map((event, i) => ({
    ...event,
    objects: [`${event.actor}-${i}`],
  }))
  const work = views.flatMap((event, i) => workOn(event, i) ?? [])
  const looks = [0, 1, 2, 3, 4].flatMap((n) => spree('anna', weekday(DAYS + n), 90, 8 * HOUR, 'view'))
  const events = [...views, ...work, ...looks].sort((a, b) => a.time - b.time)
  const findings = createBench().fold(
    events,
    PEOPLE.map((actor) => staffRecord(actor)),
  )
  return [...new Set(findings.map(({ finding }) => finding.detector))].sort()
}

const changed = (view: CaseEvent): CaseEvent => ({ ...view, time: view.time + MINUTE, action: 'update' })
const openedAgain = (view: CaseEvent): CaseEvent => ({ ...view, time: view.time + 20 * MINUTE })

describe('looking through contacts without working on them', () => {
  it('is told of where people are seen to change what they open', () => {
    expect(detectorsThatReport((view, i) => (i % 10 < 6 ? changed(view) : null))).toContain('unworked-views')
  })

  it('is told of where no changes are logged and people are seen to come back to what they open', () => {
    expect(detectorsThatReport((view, i) => (i % 10 < 3 ? openedAgain(view) : null))).toContain('unworked-views')
  })

  it('is never told of where neither is seen, and it would be all that anybody does', () => {
    const reporting = detectorsThatReport(() => null)
    expect(reporting).not.toContain('unworked-views')
    expect(reporting).toContain('slow-harvest')
  })

  it('is not told of either where it hardly ever is', () => {
    expect(detectorsThatReport((view, i) => (i % 50 === 0 ? changed(view) : null))).not.toContain('unworked-views')
  })
})
