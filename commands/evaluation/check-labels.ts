import type { LabelledCampaign, LabelsFile } from './labels-file.ts'

/** What of a data set labels can be held against. Times are epoch ms. */
export interface KnownData {
  readonly span: { readonly from: number; readonly to: number }
  hasActor(uid: string): boolean
  hasEvent(uid: string): boolean
}

/**
 * What of the labels the data do not bear out, in words. Labels may cover more time: campaigns outside the events are not
 * judged anyway. A campaign of somebody unknown counts as not found.
 */
export function checkLabels({ campaigns }: LabelsFile, data: KnownData): string[] {
  const { span } = data
  const isOutside = (campaign: LabelledCampaign) => campaign.to < span.from || campaign.from > span.to
  const doubts = campaigns.flatMap((campaign, place) => {
    const doubt = isOutside(campaign) ? null : doubtOf(campaign, data)
    return doubt === null ? [] : [`campaigns[${place}] '${campaign.uid}': ${doubt}`]
  })
  const outside = campaigns.filter(isOutside)
  const iso = (time: number) => new Date(time).toISOString()
  return [
    ...(doubts.length === 0
      ? []
      : [`${doubts[0]}${doubts.length > 1 ? ` (and ${doubts.length - 1} more campaigns)` : ''}`]),
    ...(outside.length === 0
      ? []
      : [
          `${outside.length} of ${campaigns.length} campaigns outside the events (${iso(span.from)} to ${iso(span.to)}) left out, the first '${outside[0].uid}'`,
        ]),
  ]
}

function doubtOf({ actors, eventUids }: LabelledCampaign, { hasActor, hasEvent }: KnownData): string | null {
  const unknown = actors.find((uid) => !hasActor(uid))
  if (unknown !== undefined) return `actor '${unknown}' occurs neither in the events nor among the staff`
  if (eventUids.length === 0 || eventUids.some(hasEvent)) return null
  return `none of its event_uids is in the events (${eventUids.length} of them, the first '${eventUids[0]}')`
}
