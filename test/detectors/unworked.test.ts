import { describe, expect, it } from 'vitest'
import {
  type CaseEvent,
  HOUR,
  MINUTE,
  ordinaryWork,
  spree,
  staffRecord,
  uneven,
  weekday,
} from '../../fixtures/cases/case.ts'
import { createBench } from './fold-case.ts'

const DAYS = 60
const PEOPLE = ['anna', 'bela', 'cora', 'dana', 'emil', 'fritz']

/** Six people's work, then five days on which one of them looks through ever other contacts. */
function detectorsThatReport(changed: (view: CaseEvent, i: number) => boolean): string[] {
  const views = PEOPLE.flatMap((actor) => ordinaryWork(actor, DAYS, uneven(30)))
  const changes = views
    .filter(changed)
    .map((view): CaseEvent => ({ ...view, time: view.time + MINUTE, action: 'update' }))
  const looks = [0, 1, 2, 3, 4].flatMap((n) => spree('anna', weekday(DAYS + n), 90, 8 * HOUR, 'view'))
  const events = [...views, ...changes, ...looks].sort((a, b) => a.time - b.time)
  const findings = createBench().fold(
    events,
    PEOPLE.map((actor) => staffRecord(actor)),
  )
  return [...new Set(findings.map(({ finding }) => finding.detector))].sort()
}

describe('looking through contacts without working on them', () => {
  it('is told of where people are seen to change what they open', () => {
    expect(detectorsThatReport((_, i) => i % 10 < 6)).toContain('unworked-views')
  })

  it('is never told of in a log that holds no changes, where it would be all that anybody does', () => {
    const reporting = detectorsThatReport(() => false)
    expect(reporting).not.toContain('unworked-views')
    expect(reporting).toContain('slow-harvest')
  })

  it('is not told of either where hardly any are logged', () => {
    expect(detectorsThatReport((_, i) => i % 50 === 0)).not.toContain('unworked-views')
  })
})
