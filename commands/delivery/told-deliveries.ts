import { toldUids } from '../../alerts/delivery/mask-message.ts'
import type { ToldDelivery } from '../../api/services.ts'
import type { Config } from '../../config.ts'
import type { DeliveryRow } from '../../store/delivery-list.ts'

/** A delivery with its ids as its channel knows them, by which what was told leads back to the alert. */
export function createToldDelivery({ channels, delivery }: Config): (row: DeliveryRow) => ToldDelivery {
  const uidsOf = new Map(
    Object.entries(channels).map(([name, { person }]) => [
      name,
      toldUids(person ?? delivery.person, delivery.pseudonym_key),
    ]),
  )
  return (row) => {
    const told = uidsOf.get(row.channel)
    // Of a channel that is configured no more it is not known what it was told.
    if (told === undefined) return { ...row, told_alert_uid: null }
    const { message_uid, alert_uid } = row
    return {
      ...row,
      message_uid: message_uid === null ? null : told.message(message_uid),
      told_alert_uid: alert_uid === null ? null : told.alert(alert_uid),
    }
  }
}
