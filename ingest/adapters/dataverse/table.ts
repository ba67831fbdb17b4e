import type { ObjectType } from '../../../model/event.ts'

/** Dataverse's and Dynamics 365's own tables that hold customer records, by logical name. */
export const DATAVERSE_TABLES: Readonly<Record<string, ObjectType>> = {
  contact: 'contact',
  contacts: 'contact',
  customeraddress: 'contact',
  lead: 'lead',
  leads: 'lead',
  leadaddress: 'lead',
  account: 'account',
  accounts: 'account',
  opportunity: 'deal',
  opportunities: 'deal',
  opportunityproduct: 'deal',
  opportunityclose: 'deal',
  quote: 'deal',
  quotedetail: 'deal',
  salesorder: 'deal',
  salesorderdetail: 'deal',
  invoice: 'deal',
  invoicedetail: 'deal',
  contract: 'deal',
  report: 'report',
  annotation: 'file',
  attachment: 'file',
  activitymimeattachment: 'file',
  sharepointdocument: 'file',
  fileattachment: 'file',
}

/** Tables of the platform itself: forms, views, solutions, jobs. Reading these is no access to customers' data. */
const PLATFORM = new Set(
  'savedquery savedqueryvisualization userquery userqueryvisualization systemform userform sitemap webresource ribboncustomization solution solutioncomponent publisher pluginassembly plugintype plugintracelog sdkmessage sdkmessagefilter sdkmessageprocessingstep sdkmessageprocessingstepimage sdkmessagerequest asyncoperation bulkdeleteoperation workflow workflowlog processsession processtrigger usersettings userentityuisettings userentityinstancedata organization organizationui appmodule appmodulecomponent canvasapp appconfig appconfiginstance appelement entity attribute relationship optionset stringmap languagelocale timezonedefinition timezonerule timezonelocalizedname displaystring dependency privilege roleprivileges fieldpermission fieldsecurityprofile customcontrol customcontrolresource customcontroldefaultconfig importmap audit tracelog theme mobileofflineprofile environmentvariabledefinition environmentvariablevalue connectionreference settingdefinition organizationsetting appsetting navigationsetting subscription subscriptionclients subscriptionsyncinfo subscriptiontrackingdeletedobject duplicaterule duplicaterulecondition recyclebinconfig'.split(
    ' ',
  ),
)

export const isPlatformTable = (name: string): boolean => PLATFORM.has(name.toLowerCase())
