import { readApi, readBulkApi, readBulkApi2 } from './event-log-api.ts'
import {
  readAttachmentDownload,
  readContentDistribution,
  readContentTransfer,
  readDocumentLink,
} from './event-log-files.ts'
import { readLogin, readLoginAs } from './event-log-logins.ts'
import { readPageView, readSearch, readSearchClick, readUri } from './event-log-pages.ts'
import { readAnalyticsDownload, readDashboard, readReport, readReportExport } from './event-log-reports.ts'
import { readRestApi } from './event-log-rest.ts'
import type { ReadEventLogRow } from './event-log-row.ts'

/** The event types that describe access; all others are ignored, whatever they are. */
const READERS: Readonly<Record<string, ReadEventLogRow>> = {
  API: readApi,
  RestApi: readRestApi,
  BulkApi: readBulkApi,
  BulkApi2: readBulkApi2,
  BulkApiResultEvent: readBulkApi2,
  BulkApiResultEventStore: readBulkApi2,
  Report: readReport,
  AsyncReportRun: readReport,
  ReportExport: readReportExport,
  Dashboard: readDashboard,
  MultiBlockReport: readDashboard,
  WaveDownload: readAnalyticsDownload,
  LightningPageView: readPageView,
  URI: readUri,
  Search: readSearch,
  SearchClick: readSearchClick,
  ContentTransfer: readContentTransfer,
  ContentDocumentLink: readDocumentLink,
  ContentDistribution: readContentDistribution,
  DocumentAttachmentDownloads: readAttachmentDownload,
  Login: readLogin,
  LoginAs: readLoginAs,
}
/** What the types that describe access are called in EventLogFile. */
export const EVENT_LOG_ACCESS_TYPES: readonly string[] = Object.keys(READERS).filter(
  (type) => !type.includes('ResultEvent'),
)

const TYPES = new Map(Object.keys(READERS).map((type) => [type.toLowerCase(), type]))

/** The type in the log files' spelling and what reads its rows; null for a type that describes no access. */
export function eventLogType(name: string): { readonly type: string; readonly read: ReadEventLogRow } | null {
  const type = TYPES.get(name.toLowerCase())
  return type === undefined ? null : { type, read: READERS[type] }
}
