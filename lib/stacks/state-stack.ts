import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { UNSET_SECRET } from '#connectors/manifest.ts';
import { outputName, type TableId } from '../../functions/topology.ts';
import { connectorsOf, fraudKeysSecretName, secretName, setSecretCommand } from '../config/accounts.ts';
import type { ConnectorId, Stage } from '../config/stage.ts';
import { ARCHIVE_PREFIX, SETTLEMENT_PREFIX } from '../constructs/needs.ts';

export interface StateStackProps extends StackProps {
  readonly stage: Stage;
}

/** Everything that must outlive a bad deployment: tables, raw archive, their key, and the names of secrets. */
export class StateStack extends Stack {
  readonly tables: Readonly<Record<TableId, Table>>;
  /** Of the state table. */
  readonly streamArn: string;
  readonly archive: Bucket;
  /** Settlement files lie here until they are read, and a while longer. */
  readonly drop: Bucket;
  readonly #stage: Stage;
  readonly #removalPolicy: RemovalPolicy;
  readonly #key: Key;

  constructor(scope: Construct, id: string, { stage, ...props }: StateStackProps) {
    super(scope, id, props);
    this.#stage = stage;
    this.#removalPolicy = stage.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.#key = this.#encryptionKey();
    this.tables = { state: this.#stateTable(), operations: this.#operationsTable(), inbox: this.#inboxTable() };
    this.streamArn = this.tables.state.tableStreamArn ?? '';
    this.archive = this.#archiveBucket();
    this.drop = this.#dropBucket();
    for (const connector of connectorsOf(stage.accounts)) {
      for (const { account } of stage.accounts[connector]) this.#secret(connector, account);
    }
    this.#fraudKeys();
    this.#outputs();
  }

  /**
   * One key of our own for tables and archive, so that access can be audited and withdrawn in one place. Its policy lets
   * everybody use it through DynamoDB and S3 who may use those: roles need no word about the key, as with AWS's own keys.
   */
  #encryptionKey(): Key {
    const key = new Key(this, 'Key', {
      description: `Crossdock ${this.#stage.name}: tables and raw archive`,
      enableKeyRotation: true,
      removalPolicy: this.#removalPolicy,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ThroughTablesAndArchive',
        principals: [new AccountRootPrincipal()],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:DescribeKey',
          'kms:CreateGrant',
        ],
        resources: ['*'],
        conditions: {
          StringEquals: {
            'kms:CallerAccount': this.account,
            'kms:ViaService': [`dynamodb.${this.region}.amazonaws.com`, `s3.${this.region}.amazonaws.com`],
          },
        },
      }),
    );
    return key;
  }

  #stateTable(): Table {
    const table = this.#table('State', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      stream: StreamViewType.NEW_IMAGE,
    });
    index(table, 'foreignId', 'foreignId', 'pk');
    index(table, 'openCases', 'openOwner', 'lastSeenAt');
    index(table, 'due', 'dueShard', 'dueAt');
    return table;
  }

  #operationsTable(): Table {
    const table = this.#table('Operations', { partitionKey: text('key') });
    index(table, 'due', 'dueShard', 'dueAt');
    return table;
  }

  #inboxTable(): Table {
    return this.#table('Inbox', {
      partitionKey: text('mailbox'),
      sortKey: text('deliveryId'),
      timeToLiveAttribute: 'expiresAt',
    });
  }

  #table(id: string, props: Omit<TableProps, 'billingMode'>): Table {
    return new Table(this, id, {
      ...props,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.#key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.#stage.retain,
      removalPolicy: this.#removalPolicy,
    });
  }

  /**
   * Raw messages that are too large for a queue: they hold personal data, so they go after a month whatever happens. Beside
   * them the lines of settlements, which hold none and stay.
   */
  #archiveBucket(): Bucket {
    return this.#bucket('Archive', [ARCHIVE_PREFIX]);
  }

  /** Some channels write names of buyers into their files: those too go after a month. S3 tells the default bus of each. */
  #dropBucket(): Bucket {
    const bucket = this.#bucket('Drop', [SETTLEMENT_PREFIX]);
    // The bucket's own switch for it would bring a helper function along.
    const resource = bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    return bucket;
  }

  /** What lies under one of the prefixes is forgotten after a month. */
  #bucket(id: string, forgotten: readonly string[]): Bucket {
    return new Bucket(this, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.#key,
      bucketKeyEnabled: true,
      enforceSSL: this.#stage.requireTls,
      ...(this.#stage.requireTls && { minimumTLSVersion: 1.2 }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: this.#removalPolicy,
      lifecycleRules: forgotten.map((prefix) => ({
        id: 'forget',
        prefix,
        expiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      })),
    });
  }

  /**
   * A secret that holds nothing of use until a person sets it. What it is generated from must never change: CloudFormation
   * would generate it anew, over the value that was set.
   */
  #secret(connector: ConnectorId, account: string): void {
    const id = outputName('SetSecret', `${connector}/${account}`);
    new Secret(this, `Secret-${connector}-${account}`, {
      secretName: secretName(this.#stage.name, connector, account),
      description: `Crossdock ${this.#stage.name}: what account "${account}" of ${connector} is called with`,
      generateSecretString: { secretStringTemplate: '{}', generateStringKey: UNSET_SECRET, excludePunctuation: true },
      removalPolicy: this.#removalPolicy,
    });
    const value = setSecretCommand(this.#stage, connector, account);
    new CfnOutput(this, id, { value, description: 'Sets the secret; fill in each blank' });
  }

  /** The first key is made here, and nobody need know it. A key is replaced by setting the secret (docs/fraud-controls.md). */
  #fraudKeys(): void {
    new Secret(this, 'Secret-fraud-keys', {
      secretName: fraudKeysSecretName(this.#stage.name),
      description: `Crossdock ${this.#stage.name}: keys that buyers and addresses are hashed with`,
      generateSecretString: {
        secretStringTemplate: '{"current":"k1"}',
        generateStringKey: 'k1',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: this.#removalPolicy,
    });
  }

  #outputs(): void {
    const { state, operations, inbox } = this.tables;
    new CfnOutput(this, 'StateTableName', { value: state.tableName });
    new CfnOutput(this, 'OperationsTableName', { value: operations.tableName });
    new CfnOutput(this, 'InboxTableName', { value: inbox.tableName });
    new CfnOutput(this, 'ArchiveBucketName', { value: this.archive.bucketName });
    new CfnOutput(this, 'DropBucketName', { value: this.drop.bucketName });
  }
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** Sparse: a row is in it while it has both attributes. Keys only: what is found is read from the table, which is current. */
function index(table: Table, indexName: string, partition: string, sort: string): void {
  table.addGlobalSecondaryIndex({
    indexName,
    partitionKey: text(partition),
    sortKey: text(sort),
    projectionType: ProjectionType.KEYS_ONLY,
  });
}
