import type { Adapter } from './adapter.ts'
import { bitrix24 } from './bitrix24.ts'
import { createCloudEvents } from './cloud-events.ts'
import { dataverse } from './dataverse.ts'
import { espocrm } from './espocrm.ts'
import { frappe } from './frappe.ts'
import { hubspot } from './hubspot.ts'
import { mapped } from './mapped.ts'
import { ocsf } from './ocsf.ts'
import { salesforceEventLogFile } from './salesforce-event-log-file.ts'
import { salesforceRealTimeEvents } from './salesforce-real-time-events.ts'
import { suitecrm } from './suitecrm.ts'

/** Every adapter that reads a CRM's own form, one line each. */
const NATIVE: readonly Adapter[] = [
  suitecrm,
  frappe,
  espocrm,
  dataverse,
  bitrix24,
  salesforceEventLogFile,
  salesforceRealTimeEvents,
  hubspot,
  ocsf,
  mapped,
]

/** Every adapter: the native forms, and the envelope that can hold each of them. */
export const ADAPTERS: readonly Adapter[] = [
  ...NATIVE,
  // A mapping is an option, and rows in an envelope are read with the options' defaults.
  createCloudEvents(NATIVE.filter((adapter) => adapter !== mapped)),
]

export const findAdapter = (name: string): Adapter | undefined => ADAPTERS.find((adapter) => adapter.name === name)
