"""Which programs are built from Go modules, and how: as data."""

from harness.engine.stack.parts import GoModule, Program, Taken
from harness.engine.stack.served import ISTIO
from harness.engine.stack.sources import source
from harness.settings import Versions

CONTROL_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler")
KUBERNETES = ("kubeadm", "kubectl", "kubelet", *CONTROL_PLANE)
KIND = "sigs.k8s.io/kind"
METALLB = "go.universe.tf/metallb"
MANIFEST = Taken(
    f"{METALLB}/controller", "config/manifests/metallb-native.yaml", "metallb-native.yaml"
)


def kubernetes(versions: Versions) -> GoModule:
    """Return every Kubernetes program, as one file under all their names."""
    program = Program(".", "kube", _kubernetes_stamps(versions.kubernetes), also=KUBERNETES)
    return GoModule(_kubernetes_mod(versions), _kubernetes_sources(), (program,))


def addons(versions: Versions) -> GoModule:
    """Return what runs beside Kubernetes, in the same module because it shares its packages."""
    programs = (
        Program("./coredns", "coredns"),
        Program("./pause", "pause"),
        Program(f"{METALLB}/controller", "controller"),
        Program(f"{METALLB}/speaker", "speaker"),
        Program("go.etcd.io/etcd/server/v3", "etcd"),
        Program("github.com/mccutchen/go-httpbin/v2/cmd/go-httpbin", "go-httpbin"),
        Program(KIND, "kind"),
    )
    files = (MANIFEST, Taken(KIND, "images/base/files", "kind-files"))
    return GoModule(_kubernetes_mod(versions), _kubernetes_sources(), programs, files)


def istio(versions: Versions) -> GoModule:
    """Return Istio's programs, each with its own main, and the proxies' bootstrap."""
    bootstrap = Taken(
        "istio.io/istio/pkg/version",
        "tools/packaging/common/envoy_bootstrap.json",
        "envoy_bootstrap_tmpl.json",
    )
    programs = (
        istioctl(versions).programs[0],
        Program("istio.io/istio/pilot/cmd/pilot-agent", "pilot-agent", _istio_stamps(versions)),
        Program(
            "istio.io/istio/pilot/cmd/pilot-discovery", "pilot-discovery", _istio_stamps(versions)
        ),
    )
    return GoModule(_istio_mod(versions), (), programs, (bootstrap,))


def istioctl(versions: Versions) -> GoModule:
    """Return istioctl alone."""
    program = Program("istio.io/istio/istioctl/cmd/istioctl", "istioctl", _istio_stamps(versions))
    return GoModule(_istio_mod(versions), (), (program,))


def kubectl(versions: Versions) -> GoModule:
    """Return kubectl alone."""
    program = Program(
        "k8s.io/kubernetes/cmd/kubectl", "kubectl", _kubernetes_stamps(versions.kubernetes)
    )
    return GoModule(_kubernetes_mod(versions), _kubernetes_sources(), (program,))


def kind(versions: Versions) -> GoModule:
    """Return kind alone."""
    go_mod = source("tool.mod.template", package=KIND, module=KIND, version=versions.kind)
    return GoModule(go_mod, (), (Program(KIND, "kind"),))


def metallb_manifest(versions: Versions) -> GoModule:
    """Return MetalLB's manifest alone; nothing is compiled for it."""
    go_mod = source(
        "tool.mod.template", package=MANIFEST.package, module=METALLB, version=versions.metallb
    )
    return GoModule(go_mod, (), (), (MANIFEST,))


def _kubernetes_sources() -> tuple[tuple[str, str], ...]:
    return (
        ("main.go", source("kubernetes.go")),
        ("coredns/main.go", source("coredns.go")),
        ("pause/main.go", source("pause.go")),
    )


def _kubernetes_mod(versions: Versions) -> str:
    return source(
        "kubernetes.mod.template",
        kubernetes=versions.kubernetes,
        staging=f"0.{versions.kubernetes.split('.', 1)[1]}",
        etcd=versions.etcd,
        metallb=versions.metallb,
        coredns=versions.coredns,
        httpbin=versions.httpbin,
        kind=versions.kind,
    )


def _kubernetes_stamps(version: str) -> tuple[tuple[str, str], ...]:
    major, minor, _ = version.split(".", 2)
    says = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor}
    component, client = "k8s.io/component-base/version", "k8s.io/client-go/pkg/version"
    return (
        *((f"{component}.{name}", value) for name, value in says.items()),
        *((f"{client}.{name}", value) for name, value in says.items()),
        (f"{component}.gitTreeState", "clean"),
        (f"{component}.gitCommit", "0" * 40),
    )


def _istio_mod(versions: Versions) -> str:
    pins = "\n".join(f"\t{module} {pin}" for module, pin in ISTIO[versions.istio].items())
    return source("istio.mod.template", pins=pins)


def _istio_stamps(versions: Versions) -> tuple[tuple[str, str], ...]:
    says = {
        "buildVersion": versions.istio,
        "buildTag": versions.istio,
        "buildHub": "docker.io/istio",
        "buildStatus": "Clean",
    }
    return tuple((f"istio.io/istio/pkg/version.{name}", value) for name, value in says.items())
