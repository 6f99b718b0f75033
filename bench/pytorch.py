"""Networks in PyTorch, timed on request: reads one JSON line per request, answers with one.

Request: {"architecture": {...}, "input": [...], "vocabulary": n, "classes": n, "batch": n, "steps": n, "threads": n,
"mode": "training" | "inference", "form": "eager" | "compiled" | "bfloat16", "clock": "wall" | "processor", "device": "cpu" | "cuda"}.
Answer: {"milliseconds": [...], "parameters": n, "version": "..."}, or {"refusal": "..."} where the form does not work here. A training step is
knowledge distillation (T 4, 0.9 / 0.1) with Adam, the same as Distillery's. Compiled means torch.compile, fused Adam, and channels last for
images where a few steps are faster so; bfloat16 the same under autocast, refused where the processor has no such products. A step on a GPU
is over when it has computed it. With "memory": true the answer is {"bytes": n}: by how much the peak of resident memory grew.
"""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def normalized(inputs, outputs, kernel, stride=1, groups=1, activation=None):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, *([activation] if activation else []))


class Residual(nn.Module):
    def __init__(self, body, shortcut=None, activation=None):
        super().__init__()
        self.body, self.shortcut, self.activation = body, shortcut or nn.Identity(), activation or nn.Identity()

    def forward(self, x):
        return self.activation(self.body(x) + self.shortcut(x))


def mlp(architecture, shape, classes):
    size, layers = torch.Size(shape).numel(), [nn.Flatten()]
    for units in architecture["hidden"]:
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    return nn.Sequential(*layers, nn.Linear(size, classes))


def convnet(architecture, shape, classes):
    (channels, height, width), layers = shape, []
    for out in architecture["channels"]:
        layers += [normalized(channels, out, 3, activation=nn.ReLU()), nn.MaxPool2d(2)]
        channels, height, width = out, height // 2, width // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * height * width, classes))


def resnet(architecture, shape, classes):
    channels = 16
    layers = [normalized(shape[0], channels, 3, activation=nn.ReLU())]
    for stage, out in enumerate([16, 32, 64]):
        for block in range((architecture["depth"] - 2) // 6):
            stride = 2 if stage > 0 and block == 0 else 1
            body = nn.Sequential(normalized(channels, out, 3, stride, activation=nn.ReLU()), normalized(out, out, 3))
            shortcut = normalized(channels, out, 1, stride) if channels != out else None
            layers.append(Residual(body, shortcut, nn.ReLU()))
            channels = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


def mobilenetv2(architecture, shape, classes):
    """Small images: the stem and the second stage do not halve them."""
    channels, layers = 32, [normalized(shape[0], 32, 3, activation=nn.ReLU6())]
    plan = [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, out, blocks, first_stride in plan:
        for block in range(blocks):
            stride, wide = first_stride if block == 0 else 1, channels * expansion
            parts = [normalized(channels, wide, 1, activation=nn.ReLU6())] if expansion > 1 else []
            parts += [normalized(wide, wide, 3, stride, wide, nn.ReLU6()), normalized(wide, out, 1)]
            body = nn.Sequential(*parts)
            layers.append(Residual(body) if stride == 1 and channels == out else body)
            channels = out
    layers.append(normalized(channels, 1280, 1, activation=nn.ReLU6()))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, classes))


class Transformer(nn.Module):
    """BERT's encoder: normalised after each sum, exact GELU, no token types; the mean of the tokens is classified."""

    def __init__(self, architecture, length, vocabulary, classes):
        super().__init__()
        hidden, heads = architecture["hidden"], architecture["heads"]
        self.words, self.positions = nn.Embedding(vocabulary, hidden), nn.Embedding(length, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(hidden, heads, 4 * hidden, 0.0, "gelu", 1e-12, batch_first=True)
            for _ in range(architecture["layers"])
        )
        self.head = nn.Linear(hidden, classes)

    def forward(self, tokens):
        mask = tokens == 0
        x = self.norm(self.words(tokens) + self.positions.weight)
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=mask)
        kept = (~mask).unsqueeze(-1).float()
        return self.head((x * kept).sum(1) / kept.sum(1))


def build(request):
    builders = {"mlp": mlp, "convnet": convnet, "resnet": resnet, "mobilenetv2": mobilenetv2}
    architecture = request["architecture"]
    if architecture["architecture"] == "transformer":
        return Transformer(architecture, request["input"][0], request["vocabulary"], request["classes"])
    return builders[architecture["architecture"]](architecture, request["input"], request["classes"])


def draw_samples(request):
    shape = (request["batch"], *request["input"])
    if request["vocabulary"]:
        return torch.randint(1, request["vocabulary"], shape)
    return torch.rand(*shape)


def is_compiled(request):
    return request["form"] != "eager"


def has_bfloat16_products():
    """Whether the processor says so; where it says nothing, it has none."""
    try:
        with open("/proc/cpuinfo") as processors:
            flags = processors.read().split()
    except OSError:
        return False
    return any(flag in flags for flag in ("avx512_bf16", "amx_bf16", "bf16"))


def precision(request):
    return torch.autocast("cpu", torch.bfloat16, enabled=request["form"] == "bfloat16")


def compiled(function):
    """As in a process of its own: the networks that were compiled before neither use up the limit of compilations, beyond which
    everything is eager, nor make sizes variable."""
    for limit in ("recompile_limit", "cache_size_limit"):
        if hasattr(torch._dynamo.config, limit):
            setattr(torch._dynamo.config, limit, 256)
            break
    return torch.compile(function, dynamic=False)


def training_step(model, request, fused=False, channels_last=False):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **({"fused": True} if fused else {}))
    batch, classes = request["batch"], request["classes"]
    device = request["device"]
    samples = laid_out(draw_samples(request).to(device), channels_last)
    labels = torch.randint(classes, (batch,)).to(device)
    teacher = torch.randn(batch, classes).to(device)

    def losses(given):
        with precision(request):
            logits = model(given).float()
        kd = F.kl_div(F.log_softmax(logits / 4, 1), F.softmax(teacher / 4, 1), reduction="batchmean") * 16
        return 0.9 * kd + 0.1 * F.cross_entropy(logits, labels)

    if is_compiled(request):
        losses = compiled(losses)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = losses(samples)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def inference(model, request, channels_last=False):
    model.eval()
    samples = laid_out(draw_samples(request).to(request["device"]), channels_last)
    forward = compiled(model) if is_compiled(request) else model

    def step():
        with torch.no_grad(), precision(request):
            forward(samples)
        if request["device"] == "cuda":
            torch.cuda.synchronize()

    return step


def laid_out(tensor, channels_last):
    return tensor.contiguous(memory_format=torch.channels_last) if channels_last else tensor


def time_steps(step, count, clock="wall", least_seconds=0):
    """So many steps, and for so long, at least."""
    now, times = time.process_time if clock == "processor" else time.perf_counter, []
    end = time.perf_counter() + least_seconds
    while len(times) < count or time.perf_counter() < end:
        start = now()
        step()
        times.append((now() - start) * 1000)
    return times


def prepare(request, channels_last):
    torch.manual_seed(0)
    model = build(request).to(request["device"])
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    if request["mode"] == "inference":
        return model, inference(model, request, channels_last)
    return model, training_step(model, request, is_compiled(request), channels_last)


opened = {}


def open_once(request):
    """The step of a network in a form. Of two layouts of compiled images the faster one is kept."""
    key = json.dumps({name: value for name, value in request.items() if name not in ("warmUp", "measured")})
    if key not in opened:
        layouts = [False, True] if is_compiled(request) and len(request["input"]) == 3 else [False]
        tried = []
        for channels_last in layouts:
            model, step = prepare(request, channels_last)
            time_steps(step, 3)
            tried.append((min(time_steps(step, 4, request["clock"])) if len(layouts) > 1 else 0, len(tried), model, step))
        opened[key] = min(tried)[2:]
    return opened[key]


def measure(request):
    torch.set_num_threads(request["threads"])
    if request["device"] == "cuda" and not torch.cuda.is_available():
        return {"refusal": "it finds no device with CUDA"}
    if request["form"] == "bfloat16" and not has_bfloat16_products():
        return {"refusal": "the processor has no products of such numbers"}
    try:
        model, step = open_once(request)
    except Exception as error:
        if not is_compiled(request):
            raise
        return {"refusal": str(error).strip().split("\n")[0][:200]}
    parameters = sum(parameter.numel() for parameter in model.parameters())
    for period in ("warmUp", "measured"):
        steps, milliseconds = request[period]["steps"], request[period]["milliseconds"]
        times = time_steps(step, steps, request["clock"], milliseconds / 1000)
    return {"milliseconds": times, "parameters": parameters, "version": torch.__version__}


def peak_memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def measure_memory(request):
    torch.set_num_threads(request["threads"])
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")
    before = peak_memory()
    _, step = prepare(request, False)
    time_steps(step, request["steps"])
    return {"bytes": peak_memory() - before}


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(measure_memory(asked) if asked.get("memory") else measure(asked)), flush=True)
