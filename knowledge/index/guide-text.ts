/** The words in which each element of a guide is told: the same for every channel (多端同源), so they can be quoted and cited. */
import type { Fee, Guide, Material, Place, TimeLimit } from '../item.ts';

const units: Record<TimeLimit['unit'], string> = { working_day: '个工作日', natural_day: '天', month: '个月' };
const sources: Record<NonNullable<Material['source']>, string> = {
  applicant: '自己准备',
  gov_issued: '政府部门核发',
  third_party: '第三方机构出具',
  data_sharing: '部门之间共享数据',
  commitment: '签承诺书代替',
  other: '其他来源',
};
const audiences: Record<string, string> = {
  natural_person: '个人',
  enterprise: '企业',
  institution: '事业单位',
  social_org: '社会组织',
  unincorporated: '非法人组织',
  agency: '机关',
  other: '其他',
};

export function limitText(limit: TimeLimit): string {
  const length = limit.value === 0 ? '当场办结' : `${limit.value} ${units[limit.unit]}`;
  return limit.note ? `${length}（${limit.note}）` : length;
}

/** 材料清单：先列要带的（编号），再列不用带的（电子证照或数据共享代替，R-078）。 */
export function materialLines(materials: readonly Material[]): string[] {
  const bring = materials.filter((material) => !material.exempt);
  const exempt = materials.filter((material) => material.exempt);
  return [
    ...bring.map((material, i) => `${i + 1}. ${materialText(material)}`),
    ...exempt.map((material) => `- 不用带：${materialText(material)}`),
  ];
}

/** 材料一行：名称、份数、何时才要、从哪来；免提交的说由什么代替。 */
export function materialText(material: Material): string {
  const counts = [
    material.originalCount ? `原件 ${material.originalCount} 份` : '',
    material.copyCount ? `复印件 ${material.copyCount} 份` : '',
    material.medium === 'electronic' ? '电子版' : '',
  ].filter(Boolean);
  const first = material.exempt ? '' : counts.join('、');
  const details = [...(first ? [first] : []), ...materialDetails(material)];
  return details.length > 0 ? `${material.name}：${details.join('；')}` : material.name;
}

/** 份数以外的：由什么代替、何时才要、从哪来、标准、怎么填。 */
export function materialDetails(material: Material): string[] {
  return [
    material.exempt ? replacement(material.exempt) : undefined,
    material.condition,
    material.necessity === 'deferrable' ? '可以先受理、后补交' : undefined,
    material.sourceNote ?? (material.source && !material.exempt ? sources[material.source] : undefined),
    material.acceptStandard,
    material.fillNotes,
  ]
    .filter((detail): detail is string => detail !== undefined && detail !== '')
    .map((detail) => detail.replace(/[。；]+$/u, ''));
}

function replacement(exempt: NonNullable<Material['exempt']>): string {
  return exempt.by === 'e_certificate' ? `用电子证照${exempt.certType ? `（${exempt.certType}）` : ''}代替` : '由部门共享数据核验';
}

export function feeText(guide: Guide): string {
  if (guide.isCharged === false) return '不收费。';
  if (guide.fees.length === 0) return '';
  return guide.fees.map(oneFee).join('\n');
}

function oneFee(fee: Fee): string {
  const parts = [`${fee.name}：${fee.standard}`];
  if (fee.reduction) parts.push(`减免：${fee.reduction}`);
  if (fee.basis) parts.push(`依据：${fee.basis}`);
  return `${parts.map((part) => part.replace(/[。；]+$/u, '')).join('；')}。`;
}

export function timeText(guide: Guide): string {
  const parts: string[] = [];
  if (guide.promisedLimit) parts.push(`承诺办结时限：${limitText(guide.promisedLimit)}`);
  if (guide.statutoryLimit) parts.push(`法定办结时限：${limitText(guide.statutoryLimit)}`);
  return parts.length > 0 ? `${parts.join('；')}。` : '';
}

export function placeText(place: Place): string {
  const where = [place.name + (place.windowNo ? ` ${place.windowNo}` : ''), place.address].filter(Boolean).join('，');
  const more = [place.hours ? `办理时间：${place.hours}` : '', place.phone ? `电话：${place.phone}` : ''].filter(Boolean);
  return more.length > 0 ? `${where}。${more.join('；')}` : where;
}

export function processText(guide: Guide): string {
  return guide.process
    .map(
      (step, i) =>
        `${i + 1}. ${step.stage}${step.detail ? `：${step.detail.replace(/。$/u, '')}` : ''}${step.limit ? `（${step.limit}）` : ''}`,
    )
    .join('\n');
}

export function onlineText(guide: Guide): string {
  if (guide.isOnline === false) return '目前不能网上办，请到窗口办理。';
  const steps = guide.onlineSteps.map((step, i) => `${i + 1}. ${step}`).join('\n');
  return steps || (guide.isOnline ? '可以网上办理。' : '');
}

export function visitsText(guide: Guide): string {
  const { visitCount, visitReason, canExpress, canKiosk } = guide;
  const runs = visitCount === 0 ? '不用跑现场' : `到现场 ${visitCount} 次`;
  return [
    visitCount === undefined ? '' : `${runs}${visitReason ? `，${visitReason.replace(/。$/u, '')}` : ''}。`,
    canExpress === undefined ? '' : canExpress ? '支持快递：材料可以寄，办好可以寄到家。' : '不支持快递。',
    canKiosk === true ? '自助终端上也能办。' : '',
  ].join('');
}

export function resultText(guide: Guide): string {
  return guide.results
    .map((result) => `${result.name ?? result.type}${result.validity ? `，有效期：${result.validity.replace(/。$/u, '')}` : ''}。`)
    .join('\n');
}

export function basisText(guide: Guide): string {
  return guide.legalBasis
    .map(
      (basis) =>
        `《${basis.document.replace(/^《|》$/gu, '')}》${basis.number ? `（${basis.number}）` : ''}${basis.article ?? ''}${basis.text ? `：${basis.text}` : ''}`,
    )
    .join('\n');
}

export function audienceText(guide: Guide): string {
  return guide.audience.map((one) => audiences[one] ?? one).join('、');
}

/** Materials that belong to a scenario: its own and those common to all. */
export function materialsOf(guide: Guide, scenarioIds: readonly string[]): Material[] {
  if (scenarioIds.length === 0) return guide.materials.filter((material) => material.scenarioIds.length === 0);
  return guide.materials.filter(
    (material) => material.scenarioIds.length === 0 || material.scenarioIds.some((id) => scenarioIds.includes(id)),
  );
}
