// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
// Delivers uploads with Viam's TypeScript SDK over gRPC, as a client that may lose nothing: each again until it is stored, one
// after another for a component. node deliver.mjs <address> <key ID> <key> <part> <uploads> <at most so many attempts each>
// Each line says what became of an attempt.
import { createGrpcTransport } from '@connectrpc/connect-node';

// The SDK's own transport is gRPC-Web, which a gRPC server does not speak.
globalThis.VIAM = { GRPC_TRANSPORT_FACTORY: (options) => createGrpcTransport({ httpVersion: '2', ...options }) };
const { createViamClient } = await import('@viamrobotics/sdk');

const [address, id, key, part, uploads, attempts] = process.argv.slice(2);
const client = await createViamClient({
  serviceHost: address,
  credentials: { type: 'api-key', authEntity: id, payload: key },
});
const data = client.dataClient;
const tags = ['b', 'a', 'b'];
const type = 'rdk:component:camera';
const times = (n) => [new Date(n * 1000), new Date(n * 1000 + 2)];
const payload = (kind, n) => new Uint8Array(Buffer.alloc(n % 5 === 0 ? 100_000 : 2_000, `${kind} ${n} `));
const kinds = {
  SDK_BINARY: (kind, n) =>
    data.binaryDataCaptureUpload(payload(kind, n), part, type, kind, 'GetImages', '.jpg', times(n), tags, ['set']),
  SDK_FILE: (kind, n) =>
    data.fileUpload(payload(kind, n), part, {
      componentType: type,
      componentName: kind,
      methodName: 'GetImages',
      fileName: `../${n}.jpg`,
      fileExtension: '.jpg',
      tags,
      datasetIds: ['set'],
    }),
  SDK_READINGS: (kind, n) =>
    data.tabularDataCaptureUpload(
      [{ number: n }, { nested: ['x', true] }], part, type, kind, 'GetImages', [times(n), times(n)], tags),
};

async function deliver(kind, n) {
  for (let attempt = 1; attempt <= Number(attempts); attempt++) {
    try {
      await kinds[kind](kind, n);
      console.log(`stored ${kind} ${n}`);
      return true;
    } catch (failure) {
      console.log(`failed ${kind} ${n} ${failure.code} ${failure.message}`);
    }
    await new Promise((resume) => setTimeout(resume, 100));
  }
  return false;
}

await Promise.all(
  Object.keys(kinds).map(async (kind) => {
    for (let n = 0; n < Number(uploads) && (await deliver(kind, n)); n++);
  }),
);
process.exit(0);
