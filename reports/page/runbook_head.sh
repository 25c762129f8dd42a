#!/usr/bin/env bash
# {title}, by hand: the commands of meshproof run {run}, in their order.
#
#   ./runbook.sh         builds the mesh from nothing
#   ./runbook.sh down    takes it away
#
# Needs docker, kind, kubectl, istioctl {istio} and openssl on PATH; the run's engine was {engine}.
# It reads the files that the run applied (applied/) and those of its nodes (nodes/), both beside it.
# The addresses of load balancers are the run's own: the network `kind` must be the one it had.
set -euo pipefail
cd "$(dirname "$0")"

PREFIX="${{PREFIX:-by-hand}}"
WORK="${{WORK:-${{PWD}}/by-hand}}"
{contexts}
export KUBECONFIG="{kubeconfigs}"

if [ "${{1:-up}}" = down ]; then
  for each in {names}; do
    kind delete cluster --name="${{PREFIX}}-${{each}}"
  done
  rm -rf "${{WORK}}"
  exit
fi
mkdir -p "${{WORK}}"

# what is not ready yet is asked again, for two minutes
again() {{
  for _ in $(seq 60); do
    "$@" && return
    sleep 2
  done
  echo "given up: $*" >&2
  exit 1
}}

# a cluster of one node, from the run's own kind.yaml, without the labels of the run
create() {{
  sed -e '/meshproof\.dev\//d' -e '/^ *labels:$/d' \
    -e "s#hostPath: .*/nodes/$1/\([^/]*\)\$#hostPath: ${{PWD}}/nodes/$1/\1#" \
    -e "s#hostPath: ${{CLONE:-/nowhere}}[^ ]*-$1\$#hostPath: ${{WORK}}/images/$1#" \
    "nodes/$1/kind.yaml" > "${{WORK}}/$1.yaml"
  kind create cluster --name="${{PREFIX}}-$1" --image="$2" --config="${{WORK}}/$1.yaml" \
    --kubeconfig="${{WORK}}/$1.kubeconfig"
}}

# unpacked images for a node that can pull none: layers, which nothing writes to, are linked; the
# databases are copied, or the node would write into those of everybody else
images() {{
  local own="${{WORK}}/images/$2"
  CLONE="$(dirname "$3")"
  rm -rf "${{own}}"
  mkdir -p "${{own}}"
  cp -al "$1/." "${{own}}"
  find "${{own}}" -name '*.db' -exec sh -c 'cp -p "$1" "$1.own" && mv "$1.own" "$1"' sh {{}} \;
}}

# the address of a cluster's node on the container network
address() {{
  docker inspect --format '{{{{.NetworkSettings.Networks.kind.IPAddress}}}}' \
    "${{PREFIX}}-$1-control-plane"
}}

# the first is attached to the cluster of the last: name, its kubeconfig, its API server, context
attach() {{
  istioctl create-remote-secret --name="$1" --kubeconfig="$2" --server="$3" |
    again_with kubectl --context="$4" apply --filename=-
}}

again_with() {{
  local input
  input="$(cat)"
  for _ in $(seq 60); do
    printf '%s\n' "${{input}}" | "$@" && return
    sleep 2
  done
  exit 1
}}

# one root for all clusters, an intermediate for each, made here: the run's own were never written
cacerts() {{
  local pki="${{WORK}}/pki"
  mkdir -p "${{pki}}"
  if [ ! -f "${{pki}}/root-cert.pem" ]; then
    openssl req -x509 -newkey {key} -nodes -days 3650 -subj "/O=Istio/CN=Root CA" \
      -keyout "${{pki}}/root-key.pem" -out "${{pki}}/root-cert.pem"
  fi
  openssl req -newkey {key} -nodes -subj "/O=Istio/CN=Intermediate CA/L=$1" \
    -keyout "${{pki}}/$1-key.pem" -out "${{pki}}/$1.csr"
  printf '%s\n' 'basicConstraints=critical,CA:TRUE,pathlen:0' \
    'keyUsage=critical,digitalSignature,keyCertSign,cRLSign' \
    'subjectKeyIdentifier=hash' 'authorityKeyIdentifier=keyid' > "${{pki}}/extensions"
  openssl x509 -req -in "${{pki}}/$1.csr" -days 730 -extfile "${{pki}}/extensions" \
    -CA "${{pki}}/root-cert.pem" -CAkey "${{pki}}/root-key.pem" -CAcreateserial \
    -out "${{pki}}/$1-cert.pem"
  cat "${{pki}}/$1-cert.pem" "${{pki}}/root-cert.pem" > "${{pki}}/$1-chain.pem"
  kubectl --context="$2" create secret generic cacerts --namespace=istio-system \
    --from-file=ca-cert.pem="${{pki}}/$1-cert.pem" --from-file=ca-key.pem="${{pki}}/$1-key.pem" \
    --from-file=root-cert.pem="${{pki}}/root-cert.pem" \
    --from-file=cert-chain.pem="${{pki}}/$1-chain.pem"
}}

# the text with the address of the cluster's own resolver of .global in it: context, text
with_resolver() {{
  local address
  address="$(kubectl --context="$1" get services --all-namespaces \
    --field-selector=metadata.name=istiocoredns --output=jsonpath='{{.items[0].spec.clusterIP}}')"
  printf '%s' "${{2//@RESOLVER@/${{address}}}}"
}}

# every deployment of a cluster has all its pods
settled() {{
  for each in $(kubectl --context="$1" get deployments --all-namespaces \
    --output=jsonpath='{{range .items[*]}}{{.metadata.namespace}}/{{.metadata.name}} {{end}}'); do
    kubectl --context="$1" rollout status "deployment/${{each#*/}}" \
      --namespace="${{each%/*}}" --timeout=300s
  done
}}
