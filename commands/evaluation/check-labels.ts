import type { LabelledCampaign, LabelsFile } from './labels-file.ts'

/** What of a data set labels can be held against. Times are epoch ms. */
export interface KnownData {
  readonly span: { readonly from: number; readonly to: number }
  hasActor(uid: string): boolean
  hasEvent(uid: string): boolean
}

export interface LabelCheck {
  /** Why the labels cannot be those of the data; null when they can. */
  readonly mistake: string | null
  /** What is left out, in words; null for nothing. */
  readonly remark: string | null
}

/** Holds labels against their data. Labels may cover more time: campaigns outside the events are not judged anyway. */
export function checkLabels({ campaigns }: LabelsFile, data: KnownData): LabelCheck {
  const { span } = data
  const isOutside = (campaign: LabelledCampaign) => campaign.to < span.from || campaign.from > span.to
  const mistakes = campaigns.flatMap((campaign, place) => {
    const mistake = isOutside(campaign) ? null : mistakeIn(campaign, data)
    return mistake === null ? [] : [`campaigns[${place}] '${campaign.uid}': ${mistake}`]
  })
  const outside = campaigns.filter(isOutside)
  const iso = (time: number) => new Date(time).toISOString()
  return {
    mistake: mistakes[0] ?? null,
    remark:
      outside.length === 0
        ? null
        : `${outside.length} of ${campaigns.length} campaigns outside the events (${iso(span.from)} to ${iso(span.to)}) left out, the first '${outside[0].uid}'`,
  }
}

function mistakeIn({ actors, eventUids }: LabelledCampaign, { hasActor, hasEvent }: KnownData): string | null {
  const unknown = actors.find((uid) => !hasActor(uid))
  if (unknown !== undefined) return `actor '${unknown}' occurs neither in the events nor among the staff`
  if (eventUids.length === 0 || eventUids.some(hasEvent)) return null
  return `none of its event_uids is in the events (${eventUids.length} of them, the first '${eventUids[0]}')`
}
