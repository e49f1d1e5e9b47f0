import type { IPolicyValidationPlugin, PolicyViolation } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { ACKNOWLEDGEMENTS, type Acknowledgement } from './acknowledgements.ts';

/** One finding of cdk-nag on one resource. */
export type Finding = {
  readonly rule: string;
  readonly finding?: string;
  readonly path: string;
  readonly stage: string;
};

/**
 * cdk-nag's AwsSolutions rules, less what is acknowledged. A filter of our own instead of `Validations.acknowledge`: that
 * one takes no patterns, and the ids of findings hold logical ids that change with the stage.
 */
export class ReviewedChecks implements IPolicyValidationPlugin {
  readonly name = 'AwsSolutions';
  readonly #acknowledged: readonly Acknowledgement[];

  constructor(acknowledged: readonly Acknowledgement[] = ACKNOWLEDGEMENTS) {
    this.#acknowledged = acknowledged;
  }

  validate({ appConstruct }: { readonly appConstruct: IConstruct }) {
    const { violations: all } = new AwsSolutionsChecks().validateScope(appConstruct);
    const violations = all
      .map((violation) => this.#withoutAcknowledged(violation))
      .filter(({ violatingResources }) => violatingResources.length > 0);
    return { success: violations.length === 0, violations };
  }

  #withoutAcknowledged(violation: PolicyViolation): PolicyViolation {
    const violatingResources = violation.violatingResources.filter(
      ({ constructPath }) =>
        !this.#acknowledged.some((one) => covers(one, findingOf(violation.ruleName, constructPath))),
    );
    return { ...violation, violatingResources };
  }
}

/** Everything that cdk-nag finds in an app, acknowledged or not. */
export function findings(app: IConstruct): Finding[] {
  return new AwsSolutionsChecks()
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => findingOf(ruleName, constructPath)),
    );
}

export function covers({ rule, finding, scope, stage }: Acknowledgement, found: Finding): boolean {
  if (stage !== undefined && stage !== found.stage) return false;
  if (rule !== found.rule || !pattern(scope, '[^/]*').test(found.path)) return false;
  if (finding === undefined || found.finding === undefined) return finding === found.finding;
  // A bare wildcard is a finding of its own and must not stand for every other.
  return finding === found.finding || (finding !== 'Resource::*' && pattern(finding, '.*').test(found.finding));
}

/** `AwsSolutions-IAM5[Resource::*]` on `CrossdockCore-dev/…`, taken apart. */
function findingOf(ruleName: string, constructPath = ''): Finding {
  const [, rule = ruleName, finding] = /^([^[]+)(?:\[(.*)\])?$/s.exec(ruleName) ?? [];
  const [, stack = '', stage = '', rest = constructPath] =
    /^(Crossdock[A-Za-z]+)-([^/]+)(.*)$/s.exec(constructPath) ?? [];
  return { rule, path: `${stack}${rest}`, stage, ...(finding !== undefined && { finding }) };
}

function pattern(text: string, star: string): RegExp {
  return new RegExp(`^${text.split('*').map(RegExp.escape).join(star)}$`, 's');
}
