// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
// Uploads with Viam's TypeScript SDK over gRPC: node upload.mjs <address> <key ID> <key> <part> <uploads> <pause in ms>
// Each line says what became of an upload.
import { createGrpcTransport } from '@connectrpc/connect-node';

// The SDK's own transport is gRPC-Web, which a gRPC server does not speak.
globalThis.VIAM = { GRPC_TRANSPORT_FACTORY: (options) => createGrpcTransport({ httpVersion: '2', ...options }) };
const { createViamClient } = await import('@viamrobotics/sdk');

const [address, id, key, part, uploads, pause] = process.argv.slice(2);
const client = await createViamClient({
  serviceHost: address,
  credentials: { type: 'api-key', authEntity: id, payload: key },
});
const data = client.dataClient;
const times = [new Date(0), new Date(1000)];
const ways = [
  (n) => data.binaryDataCaptureUpload(new TextEncoder().encode(`binary ${n}`), part, 'camera', 'c', 'M', '.jpg', times),
  (n) => data.fileUpload(new TextEncoder().encode(`file ${n}`), part, { fileName: `${n}.txt` }),
  (n) => data.fileUpload(new Uint8Array(0), part, { fileName: `empty ${n}` }),
  (n) => data.tabularDataCaptureUpload([{ n }], part, 'sensor', 's', 'Readings', [times]),
];
for (let n = 0; n < Number(uploads); n++) {
  try {
    const stored = await ways[n % ways.length](n);
    console.log(`stored ${n} ${stored}`);
  } catch (failure) {
    console.log(`failed ${n} ${failure.code} ${failure.message}`);
  }
  await new Promise((resume) => setTimeout(resume, Number(pause)));
}
process.exit(0);
