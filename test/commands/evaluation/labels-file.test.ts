import { describe, expect, it } from 'vitest'
import { readLabels as readRemarked } from '../../../commands/evaluation/labels-file.ts'
import { simulate } from '../../../fixtures/simulator/simulate.ts'

const readLabels = (value: unknown) => readRemarked(value, () => undefined)

/** What is remarked on while the labels are read. */
function remarksOn(value: unknown): string[] {
  const remarks: string[] = []
  readRemarked(value, (text) => remarks.push(text))
  return remarks
}

const campaign = { kind: 'burst', actor_uids: ['a'], from: '2026-01-05T10:00:00Z', to: '2026-01-05T11:00:00Z' }

const benign = { cause: 'cover', actor_uids: ['a'], from: campaign.from, to: campaign.to }

describe('readLabels', () => {
  it('takes the least that is needed', () => {
    expect(readLabels({ campaigns: [{ ...campaign, actor_uids: undefined, actor_uid: 'a' }] })).toEqual({
      campaigns: [
        {
          uid: 'campaign-1',
          kind: 'burst',
          actors: ['a'],
          from: Date.UTC(2026, 0, 5, 10),
          to: Date.UTC(2026, 0, 5, 11),
          inNotice: null,
          eventUids: [],
        },
      ],
      benign: [],
      planted: [],
      scoredFrom: null,
    })
  })

  it('takes what the simulator writes', () => {
    const labels = simulate({ seed: 7, staff: 40, weeks: 6 }).labels()
    const read = readLabels(JSON.parse(JSON.stringify(labels)))
    expect(read.campaigns.map(({ uid }) => uid)).toEqual(labels.campaigns.map(({ campaign_uid }) => campaign_uid))
    expect(read.planted).toEqual(labels.planted_uids)
    expect(read.scoredFrom).toBe(Date.parse(labels.scored_from))
  })

  const millis = Date.UTC(2026, 0, 5, 10)
  it.each([
    ['2026-01-05T10:00:00Z', millis],
    ['2026-01-05T11:00:00.250+01:00', millis + 250],
    [millis, millis],
  ])('takes the time %j', (from, time) => {
    expect(readLabels({ campaigns: [{ ...campaign, from }] }).campaigns[0].from).toBe(time)
  })

  const TIME = 'must be a time, RFC 3339 with its zone or epoch milliseconds as an integer'
  it.each([
    ['2026-01-05', `${TIME}, not "2026-01-05"`],
    ['2026-02-30T10:00:00Z', `${TIME}, not "2026-02-30T10:00:00Z"`],
    ['soon', `${TIME}, not "soon"`],
    [millis + 0.5, `${TIME}, not ${millis + 0.5}`],
    [true, `${TIME}, not true`],
    [[millis], `${TIME}, not a list`],
    [{}, `${TIME}, not an object`],
    [null, `${TIME}, not null`],
    [undefined, `${TIME}; it is missing`],
    [millis / 1000, `${TIME}, not ${millis / 1000}, which lies before the year 2000`],
    [millis * 1000, `${TIME}, not ${millis * 1000}, which lies after the year 2099`],
    ['2100-01-01T00:00:00Z', `${TIME}, not "2100-01-01T00:00:00Z", which lies after the year 2099`],
    ['1999-12-31T23:59:59Z', `${TIME}, not "1999-12-31T23:59:59Z", which lies before the year 2000`],
  ])('refuses the time %j', (from, message) => {
    const refused = (labels: unknown) => expect(() => readLabels(labels)).toThrow(message)
    refused({ campaigns: [{ ...campaign, from }] })
    refused({ campaigns: [], benign: [{ ...benign, to: from }] })
    if (from !== undefined && from !== null) refused({ campaigns: [], scored_from: from })
  })

  it.each([
    [null, 'the labels must be a JSON object, not null'],
    [{}, 'campaigns must be a list; it is missing'],
    [{ campaigns: [{ ...campaign, kind: 3 }] }, 'campaigns[0].kind must be a text, not 3'],
    [{ campaigns: [campaign, { ...campaign, to: 'soon' }] }, `campaigns[1].to ${TIME}`],
    [{ campaigns: [], benign: [{ ...benign, from: 'soon' }] }, `benign[0].from ${TIME}`],
    [{ campaigns: [], scored_from: 'soon' }, `scored_from ${TIME}`],
    [
      { campaigns: [{ ...campaign, to: '2026-01-04T00:00:00Z' }] },
      'campaigns[0].to must not be before campaigns[0].from',
    ],
    [{ campaigns: [{ ...campaign, in_notice: 'no' }] }, 'campaigns[0].in_notice must be true, false or null, not "no"'],
    [
      { campaigns: [{ ...campaign, actor_uids: [] }] },
      'campaigns[0].actor_uids must be a list of at least one actor, not an empty one',
    ],
    [
      { campaigns: [{ ...campaign, actor_uids: ['a', ''] }] },
      'campaigns[0].actor_uids[1] must be a text that is not empty',
    ],
    [{ campaigns: [{ ...campaign, event_uids: ['e', 5] }] }, 'campaigns[0].event_uids[1] must be a text, not 5'],
    [{ campaigns: [], planted_uids: [null] }, 'planted_uids[0] must be a text, not null'],
    [{ campaigns: [], benign: [{}] }, 'benign[0].cause must be a text; it is missing'],
  ])('refuses %j', (value, message) => {
    expect(() => readLabels(value)).toThrow(message)
  })

  it.each([
    [{ campaigns: [], scored_frm: 0 }, "the labels have no field 'scored_frm'; did you mean 'scored_from'?"],
    [{ campaigns: [], zzzzzzzzzzzz: 0 }, "the labels have no field 'zzzzzzzzzzzz'"],
    [
      { campaigns: [campaign, { ...campaign, event_uid: [] }] },
      "campaigns[1] has no field 'event_uid'; did you mean 'event_uids'?",
    ],
    [{ campaigns: [], benign: [{ ...benign, note: 'a' }] }, "benign[0] has no field 'note'"],
    [{ campaigns: [], scored_from: '2026-01-05T10:00:00' }, 'scored_from has no zone and is read as UTC'],
  ])('remarks on %j, and reads it', (value, remark) => {
    expect(remarksOn(value)).toEqual([remark])
    expect(readLabels(value)).toMatchObject({ planted: [] })
  })

  it('reads times without a zone as UTC, wherever it runs', () => {
    const read = readLabels({ campaigns: [{ ...campaign, from: '2026-01-05T10:00:00' }], benign: [] })
    expect(read.campaigns[0].from).toBe(millis)
  })

  it('has nothing to remark on in what the simulator writes', () => {
    expect(remarksOn(JSON.parse(JSON.stringify(simulate({ seed: 7, staff: 40, weeks: 6 }).labels())))).toEqual([])
  })
})
