// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Draws the pictures and scans the point clouds in {@code examples/file/inbox}. They are committed; run this again only
 * to change them, in the root folder: {@code mvn -q -f verification/documents/pom.xml test-compile exec:java
 * -Dexec.mainClass=io.github.camelviamdata.examples.MakeSamples}.
 */
public final class MakeSamples {

    private static final Color ASPHALT = new Color(0x55585c);
    private static final Color CONCRETE = new Color(0xb9b4a9);
    private static final Color STEEL = new Color(0x8d99a6);

    private final Random random = new Random(7);

    private MakeSamples() {}

    public static void main(String[] args) throws IOException {
        new MakeSamples().make(Path.of(args.length > 0 ? args[0] : "examples/file/inbox"));
    }

    private void make(Path inbox) throws IOException {
        jpeg(
                inbox.resolve("gate/gate-0712.jpg"),
                0.82f,
                camera(gate(960, 540, 0.015, false), 5, "GATE 7", "2026-10-14 07:12:44"));
        jpeg(
                inbox.resolve("gate/gate-0713.jpg"),
                0.82f,
                camera(gate(960, 540, 0.40, true), 5, "GATE 7", "2026-10-14 07:13:09"));
        jpeg(
                inbox.resolve("gate/tag=night/gate-2304.jpg"),
                0.82f,
                camera(night(gate(960, 540, 0.015, false), 0.015), 7, "GATE 7", "2026-10-14 23:04:51"));
        jpeg(
                inbox.resolve("yard/yard-overview.jpg"),
                0.90f,
                camera(yard(2560, 1440), 7, "YARD NORTH", "2026-10-14 07:15:00"));
        png(inbox.resolve("warehouse/aisle-12.png"), camera(aisle(800, 600), 0, "AISLE 12", "2026-10-14 07:20:31"));
        write(inbox.resolve("lidar/dock-ascii.pcd"), asciiPcd(scan(24, 120)));
        write(inbox.resolve("lidar/dock-binary.pcd"), binaryPcd(scan(48, 200)));
    }

    // ---- Scenes ----------------------------------------------------------------------------------------------------

    /** A lorry at the gate of a works; {@code lorry} is where its rear is, as a fraction of the width. */
    private BufferedImage gate(int width, int height, double lorry, boolean open) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = graphics(image);
        double unit = height / 100.0;
        sky(g, width, height * 0.6);
        hall(g, width * 0.02, height * 0.22, width * 0.52, height * 0.36, unit);
        g.setPaint(new GradientPaint(
                0, (float) (height * 0.55), new Color(0x86a05a), 0, (float) (height * 0.7), new Color(0x6c8747)));
        g.fill(new Rectangle2D.Double(0, height * 0.57, width, height * 0.12));
        for (int i = 0; i < 5; i++) {
            tree(g, width * (0.60 + i * 0.095), height * 0.58, unit * (9 + random.nextInt(5)));
        }
        fence(g, width, height * 0.60, unit);
        road(g, width, height * 0.66, height * 0.28, unit);
        booth(g, width * 0.80, height * 0.36, unit);
        lorry(g, width * lorry, height * 0.84, unit, new Color(0x2f6f8f), "HAMBURG 4021");
        barrier(g, width * 0.79, height * 0.86, unit, open);
        g.dispose();
        return image;
    }

    /** Containers and a forklift in a wide yard. */
    private BufferedImage yard(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = graphics(image);
        double unit = height / 100.0;
        sky(g, width, height * 0.5);
        hall(g, width * 0.05, height * 0.20, width * 0.5, height * 0.27, unit);
        for (int i = 0; i < 7; i++) {
            tree(g, width * (0.60 + i * 0.06), height * 0.45, unit * (6 + random.nextInt(4)));
        }
        g.setPaint(new GradientPaint(0, (float) (height * 0.45), new Color(0xa39f96), 0, height, new Color(0x77756f)));
        g.fill(new Rectangle2D.Double(0, height * 0.45, width, height * 0.55));
        g.setColor(new Color(0xd9c35a));
        g.setStroke(new BasicStroke((float) (unit * 0.5)));
        for (int i = -4; i < 12; i++) {
            g.draw(new java.awt.geom.Line2D.Double(
                    width * 0.5 + (i - 4) * unit * 12, height * 0.52, width * 0.5 + (i - 4) * unit * 38, height));
        }
        Color[] paints = {
            new Color(0xa8432f),
            new Color(0x2e6e9e),
            new Color(0x3f7d58),
            new Color(0xc98a2b),
            new Color(0x7a7f86),
            new Color(0x8a3f5c)
        };
        for (int column = 0; column < 5; column++) {
            int stack = 1 + (column * 2 + 1) % 3;
            for (int level = 0; level < stack; level++) {
                container(
                        g,
                        width * 0.03 + column * unit * 32,
                        height * 0.60 - level * unit * 12.5 + (column % 2) * unit * 3,
                        unit * 30,
                        unit * 12,
                        paints[(column * 2 + level) % paints.length],
                        String.format(Locale.ROOT, "CVDU %06d", 310_000 + column * 7_919 + level * 613));
            }
        }
        lorry(g, width * 0.08, height * 0.95, unit * 0.9, new Color(0x3f7d58), "ROTTERDAM 88");
        forklift(g, width * 0.74, height * 0.94, unit * 1.2);
        g.dispose();
        return image;
    }

    /** Between the shelves of a warehouse, in one-point perspective. */
    private BufferedImage aisle(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = graphics(image);
        double middle = width / 2.0;
        double horizon = height * 0.42;
        g.setColor(new Color(0x3a4048));
        g.fillRect(0, 0, width, (int) horizon);
        g.setColor(CONCRETE);
        g.fillRect(0, (int) horizon, width, height);
        g.setColor(new Color(0xe2c648));
        for (int side = -1; side <= 1; side += 2) {
            g.fill(quad(
                    middle + side * 12,
                    horizon + 20,
                    middle + side * 14,
                    horizon + 20,
                    middle + side * width * 0.37,
                    height,
                    middle + side * width * 0.34,
                    height));
        }
        g.setColor(new Color(0x4c545e));
        g.fill(new Rectangle2D.Double(middle - 22, horizon - 22, 44, 42));
        g.setColor(new Color(0xdfe7ec));
        g.fill(new Rectangle2D.Double(middle - 12, horizon - 8, 24, 28));
        for (int lamp = 6; lamp >= 1; lamp--) {
            double near = 1.0 / lamp;
            g.setColor(new Color(0xf4f0d8));
            g.fill(new Rectangle2D.Double(middle - 60 * near, horizon - 250 * near, 120 * near, 12 * near));
        }
        Color[] boxes = {
            new Color(0xc79a62), new Color(0xb5834a), new Color(0xd3ac78), new Color(0x8fa3b5), new Color(0xa56f3d)
        };
        for (int side = -1; side <= 1; side += 2) {
            for (int bay = 9; bay >= 1; bay--) {
                double far = 1.0 / (bay + 1.0);
                double near = 1.0 / bay;
                double x0 = middle + side * (14 + 400 * far);
                double x1 = middle + side * (14 + 400 * near);
                for (int level = 0; level < 4; level++) {
                    double low = 0.62 - level * 0.42;
                    double top = low - 0.33;
                    for (int item = 0; item < 3; item++) {
                        double a = item / 3.0;
                        double b = (item + 0.88) / 3.0;
                        double xa = x0 + (x1 - x0) * a;
                        double xb = x0 + (x1 - x0) * b;
                        double na = far + (near - far) * a;
                        double nb = far + (near - far) * b;
                        double lower = random.nextInt(3) * 0.07;
                        if (random.nextInt(7) == 0) {
                            continue;
                        }
                        g.setColor(shade(boxes[random.nextInt(boxes.length)], 0.55 + 0.45 * Math.sqrt(near)));
                        g.fill(quad(
                                xa, horizon + height * 0.52 * (top + lower) * na * 1.6,
                                xb, horizon + height * 0.52 * (top + lower) * nb * 1.6,
                                xb, horizon + height * 0.52 * low * nb * 1.6,
                                xa, horizon + height * 0.52 * low * na * 1.6));
                    }
                    g.setColor(new Color(0xd9622b));
                    g.fill(quad(
                            x0, horizon + height * 0.52 * low * far * 1.6,
                            x1, horizon + height * 0.52 * low * near * 1.6,
                            x1, horizon + height * 0.52 * (low + 0.035) * near * 1.6,
                            x0, horizon + height * 0.52 * (low + 0.035) * far * 1.6));
                }
                double post = 7 * near;
                g.setColor(new Color(0x2f5f97));
                g.fill(new Rectangle2D.Double(
                        x1 - post / 2, horizon - height * 0.82 * near, post, height * (0.82 + 0.58) * near));
            }
        }
        forklift(g, width * 0.40, height * 0.86, height / 160.0);
        g.dispose();
        return image;
    }

    /** The same place after dark, with the lorry's lamps on. */
    private BufferedImage night(BufferedImage day, double lorry) {
        Graphics2D g = graphics(day);
        int width = day.getWidth();
        int height = day.getHeight();
        double unit = height / 100.0;
        g.setColor(new Color(6, 10, 28, 188));
        g.fillRect(0, 0, width, height);
        double lampX = width * lorry + unit * 91;
        double lampY = height * 0.775;
        Path2D beam = new Path2D.Double();
        beam.moveTo(lampX, lampY);
        beam.lineTo(width, height * 0.70);
        beam.lineTo(width, height * 0.97);
        beam.closePath();
        g.setPaint(new GradientPaint(
                (float) lampX, 0, new Color(255, 244, 200, 170), (float) width, 0, new Color(255, 244, 200, 20)));
        g.fill(beam);
        glow(g, lampX, lampY, unit * 9, new Color(255, 250, 225));
        glow(g, width * 0.855, height * 0.45, unit * 17, new Color(255, 214, 140));
        glow(g, width * lorry + unit * 2, height * 0.79, unit * 4, new Color(230, 50, 40));
        g.setColor(new Color(0xf2efe0));
        g.fill(new Ellipse2D.Double(width * 0.66, height * 0.10, unit * 7, unit * 7));
        for (int i = 0; i < 70; i++) {
            g.setColor(new Color(255, 255, 255, 60 + random.nextInt(150)));
            g.fillRect(random.nextInt(width), random.nextInt((int) (height * 0.2)), 1, 1);
        }
        g.dispose();
        return day;
    }

    // ---- Things in them --------------------------------------------------------------------------------------------

    private void sky(Graphics2D g, int width, double height) {
        g.setPaint(new GradientPaint(0, 0, new Color(0x7fa9d1), 0, (float) height, new Color(0xe6ecec)));
        g.fill(new Rectangle2D.Double(0, 0, width, height + 1));
        for (int i = 0; i < 5; i++) {
            double x = random.nextDouble() * width;
            double y = height * (0.08 + random.nextDouble() * 0.3);
            for (int puff = 0; puff < 7; puff++) {
                g.setColor(new Color(255, 255, 255, 70));
                double size = height * (0.10 + random.nextDouble() * 0.10);
                g.fill(new Ellipse2D.Double(
                        x + puff * size * 0.45, y - random.nextDouble() * size * 0.3, size * 1.5, size * 0.7));
            }
        }
    }

    private void hall(Graphics2D g, double x, double y, double width, double height, double unit) {
        g.setPaint(new GradientPaint(0, (float) y, new Color(0xc9ced2), 0, (float) (y + height), new Color(0x9aa3ab)));
        g.fill(new Rectangle2D.Double(x, y, width, height));
        g.setColor(new Color(255, 255, 255, 40));
        for (double line = x; line < x + width; line += unit * 1.6) {
            g.fill(new Rectangle2D.Double(line, y, unit * 0.3, height));
        }
        g.setColor(new Color(0x4d5b68));
        g.fill(new Rectangle2D.Double(x - unit, y - unit * 2.5, width + unit * 2, unit * 3));
        int doors = 4;
        for (int i = 0; i < doors; i++) {
            double doorX = x + width * (i + 0.22) / doors;
            double doorWidth = width * 0.58 / doors;
            g.setColor(i == 2 ? new Color(0x2b3138) : new Color(0xe4e6e2));
            g.fill(new Rectangle2D.Double(doorX, y + height * 0.42, doorWidth, height * 0.58));
            g.setColor(new Color(0, 0, 0, 50));
            for (int slat = 0; slat < 6; slat++) {
                g.fill(new Rectangle2D.Double(doorX, y + height * (0.45 + slat * 0.09), doorWidth, unit * 0.25));
            }
            text(g, String.valueOf(i + 1), doorX + doorWidth * 0.42, y + height * 0.34, unit * 4, new Color(0x34424f));
        }
    }

    private void tree(Graphics2D g, double x, double ground, double size) {
        g.setColor(new Color(0x5b4632));
        g.fill(new Rectangle2D.Double(x - size * 0.06, ground - size * 0.7, size * 0.12, size * 0.75));
        for (int i = 0; i < 9; i++) {
            g.setColor(shade(new Color(0x557a3c), 0.85 + random.nextDouble() * 0.35));
            double leaf = size * (0.55 + random.nextDouble() * 0.35);
            g.fill(new Ellipse2D.Double(
                    x - leaf / 2 + (random.nextDouble() - 0.5) * size * 0.6,
                    ground - size * 1.35 + (random.nextDouble() - 0.5) * size * 0.6,
                    leaf,
                    leaf));
        }
    }

    private void fence(Graphics2D g, int width, double y, double unit) {
        g.setColor(new Color(60, 70, 70, 120));
        g.setStroke(new BasicStroke((float) (unit * 0.18)));
        for (double x = -unit * 8; x < width; x += unit * 1.2) {
            g.drawLine((int) x, (int) (y - unit * 3), (int) (x + unit * 7), (int) (y + unit * 4));
            g.drawLine((int) (x + unit * 7), (int) (y - unit * 3), (int) x, (int) (y + unit * 4));
        }
        g.setColor(new Color(0x59656a));
        for (double x = unit * 3; x < width; x += unit * 14) {
            g.fill(new Rectangle2D.Double(x, y - unit * 4, unit * 0.7, unit * 9));
        }
    }

    private void road(Graphics2D g, int width, double y, double height, double unit) {
        g.setColor(CONCRETE);
        g.fill(new Rectangle2D.Double(0, y - unit * 1.6, width, height + unit * 12));
        g.setPaint(new GradientPaint(0, (float) y, shade(ASPHALT, 1.1), 0, (float) (y + height), shade(ASPHALT, 0.85)));
        g.fill(new Rectangle2D.Double(0, y, width, height));
        g.setColor(new Color(0xe8e6da));
        for (double x = -unit * 5; x < width; x += unit * 16) {
            g.fill(quad(
                    x,
                    y + height * 0.80,
                    x + unit * 9,
                    y + height * 0.80,
                    x + unit * 8,
                    y + height * 0.84,
                    x - unit,
                    y + height * 0.84));
        }
        g.fill(quad(width * 0.745, y, width * 0.765, y, width * 0.735, y + height, width * 0.705, y + height));
    }

    private void booth(Graphics2D g, double x, double y, double unit) {
        g.setColor(new Color(0xd8d3c3));
        g.fill(new Rectangle2D.Double(x, y, unit * 20, unit * 31));
        g.setColor(new Color(0x8b3a2e));
        g.fill(new Rectangle2D.Double(x - unit * 2, y - unit * 3, unit * 24, unit * 3.5));
        g.setColor(new Color(0x9cc3d6));
        g.fill(new Rectangle2D.Double(x + unit * 2, y + unit * 4, unit * 16, unit * 10));
        g.setColor(new Color(255, 255, 255, 110));
        g.fill(quad(
                x + unit * 4,
                y + unit * 14,
                x + unit * 9,
                y + unit * 4,
                x + unit * 12,
                y + unit * 4,
                x + unit * 7,
                y + unit * 14));
        g.setColor(new Color(0x6d6a60));
        g.fill(new Rectangle2D.Double(x + unit * 9.6, y + unit * 4, unit * 0.8, unit * 10));
        g.setColor(new Color(0x2f5f97));
        g.fill(new RoundRectangle2D.Double(x + unit * 4, y + unit * 17.5, unit * 12, unit * 6, unit, unit));
        text(g, "GATE 7", x + unit * 4.6, y + unit * 21.5, unit * 2.7, Color.WHITE);
    }

    private void barrier(Graphics2D g, double x, double ground, double unit, boolean open) {
        g.setColor(new Color(0xd8a21e));
        g.fill(new RoundRectangle2D.Double(x, ground - unit * 16, unit * 5, unit * 16, unit, unit));
        Graphics2D arm = (Graphics2D) g.create();
        arm.translate(x + unit * 2.5, ground - unit * 13.5);
        arm.rotate(Math.toRadians(open ? 74 : 0));
        for (int i = 0; i < 9; i++) {
            arm.setColor(i % 2 == 0 ? new Color(0xc8322b) : new Color(0xf2f0ea));
            arm.fill(new Rectangle2D.Double(-unit * 5.2 * (i + 1), -unit * 0.9, unit * 5.2, unit * 1.8));
        }
        arm.dispose();
        g.setColor(open ? new Color(0x45d06a) : new Color(0xe23b32));
        g.fill(new Ellipse2D.Double(x + unit * 1.5, ground - unit * 19, unit * 2.2, unit * 2.2));
    }

    /** Seen from its right side; its rear is at {@code x}, its wheels stand on {@code ground}. */
    private void lorry(Graphics2D g, double x, double ground, double unit, Color paint, String name) {
        g.setColor(new Color(0, 0, 0, 70));
        g.fill(new Ellipse2D.Double(x - unit, ground - unit * 2.5, unit * 95, unit * 5));
        container(g, x, ground - unit * 34, unit * 66, unit * 27, paint, name);
        g.setColor(new Color(0x2a2d31));
        g.fill(new Rectangle2D.Double(x, ground - unit * 7.5, unit * 88, unit * 3));
        Path2D cab = new Path2D.Double();
        cab.moveTo(x + unit * 69, ground - unit * 5);
        cab.lineTo(x + unit * 69, ground - unit * 29);
        cab.quadTo(x + unit * 70, ground - unit * 32, x + unit * 75, ground - unit * 32);
        cab.lineTo(x + unit * 83, ground - unit * 31);
        cab.quadTo(x + unit * 88, ground - unit * 25, x + unit * 91, ground - unit * 16);
        cab.lineTo(x + unit * 91, ground - unit * 5);
        cab.closePath();
        g.setPaint(new GradientPaint(
                0,
                (float) (ground - unit * 32),
                new Color(0xeef1f2),
                0,
                (float) (ground - unit * 5),
                new Color(0xb7c0c6)));
        g.fill(cab);
        g.setColor(new Color(0x35505f));
        g.fill(quad(
                x + unit * 76,
                ground - unit * 29,
                x + unit * 83,
                ground - unit * 28.5,
                x + unit * 88.5,
                ground - unit * 18,
                x + unit * 76,
                ground - unit * 18));
        g.setColor(new Color(0x8a949b));
        g.fill(new Rectangle2D.Double(x + unit * 77, ground - unit * 15, unit * 3, unit * 0.8));
        g.setColor(new Color(0xfff3c4));
        g.fill(new Ellipse2D.Double(x + unit * 89, ground - unit * 11, unit * 2.4, unit * 3.4));
        for (double wheel : new double[] {8, 17, 26, 60, 80}) {
            g.setColor(new Color(0x1b1c1e));
            g.fill(new Ellipse2D.Double(x + unit * (wheel - 4.2), ground - unit * 8.4, unit * 8.4, unit * 8.4));
            g.setColor(STEEL);
            g.fill(new Ellipse2D.Double(x + unit * (wheel - 2), ground - unit * 6.2, unit * 4, unit * 4));
        }
    }

    private void container(Graphics2D g, double x, double y, double width, double height, Color paint, String name) {
        g.setPaint(new GradientPaint(0, (float) y, shade(paint, 1.15), 0, (float) (y + height), shade(paint, 0.85)));
        g.fill(new Rectangle2D.Double(x, y, width, height));
        g.setColor(new Color(0, 0, 0, 38));
        double rib = height / 9;
        for (double at = x + rib; at < x + width - rib; at += rib * 1.1) {
            g.fill(new Rectangle2D.Double(at, y + rib * 0.5, rib * 0.4, height - rib));
        }
        g.setColor(shade(paint, 0.6));
        g.setStroke(new BasicStroke((float) (height / 30)));
        g.draw(new Rectangle2D.Double(x, y, width, height));
        text(g, name, x + width * 0.09, y + height * 0.60, height * 0.24, new Color(255, 255, 255, 225));
    }

    private void forklift(Graphics2D g, double x, double ground, double unit) {
        g.setColor(new Color(0, 0, 0, 70));
        g.fill(new Ellipse2D.Double(x, ground - unit * 1.5, unit * 34, unit * 3.5));
        g.setColor(new Color(0xc79a62));
        g.fill(new Rectangle2D.Double(x, ground - unit * 13, unit * 11, unit * 10));
        g.setColor(new Color(0x8a6234));
        g.fill(new Rectangle2D.Double(x, ground - unit * 3, unit * 12, unit * 1.2));
        g.setColor(new Color(0x33373c));
        g.fill(new Rectangle2D.Double(x + unit * 12, ground - unit * 24, unit * 1.6, unit * 23));
        g.setColor(new Color(0xe0a520));
        g.fill(new RoundRectangle2D.Double(x + unit * 14, ground - unit * 11, unit * 18, unit * 8, unit * 2, unit * 2));
        g.setColor(new Color(0x33373c));
        g.setStroke(new BasicStroke((float) unit));
        g.drawPolyline(
                ints(x + unit * 15, x + unit * 17, x + unit * 27, x + unit * 30),
                ints(ground - unit * 11, ground - unit * 22, ground - unit * 22, ground - unit * 11),
                4);
        g.setColor(new Color(0xf2703a));
        g.fill(new RoundRectangle2D.Double(x + unit * 20.5, ground - unit * 16, unit * 5, unit * 7, unit, unit));
        g.setColor(new Color(0xe0b38c));
        g.fill(new Ellipse2D.Double(x + unit * 21, ground - unit * 19.5, unit * 3.6, unit * 3.8));
        g.setColor(new Color(0xf5d21f));
        g.fill(new java.awt.geom.Arc2D.Double(
                x + unit * 20.6, ground - unit * 20.4, unit * 4.4, unit * 4, 0, 180, java.awt.geom.Arc2D.CHORD));
        for (double wheel : new double[] {17, 29}) {
            g.setColor(new Color(0x1b1c1e));
            g.fill(new Ellipse2D.Double(x + unit * (wheel - 3), ground - unit * 6, unit * 6, unit * 6));
            g.setColor(STEEL);
            g.fill(new Ellipse2D.Double(x + unit * (wheel - 1.3), ground - unit * 4.3, unit * 2.6, unit * 2.6));
        }
    }

    private void glow(Graphics2D g, double x, double y, double radius, Color color) {
        g.setPaint(new RadialGradientPaint(
                new Point2D.Double(x, y), (float) radius, new float[] {0, 0.25f, 1}, new Color[] {
                    color,
                    new Color(color.getRed(), color.getGreen(), color.getBlue(), 150),
                    new Color(color.getRed(), color.getGreen(), color.getBlue(), 0)
                }));
        g.fill(new Ellipse2D.Double(x - radius, y - radius, radius * 2, radius * 2));
    }

    /** What the camera adds: the noise of its sensor, and who and when. */
    private BufferedImage camera(BufferedImage image, double noise, String name, String time) {
        for (int y = 0; noise > 0 && y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                double grain = random.nextGaussian() * noise;
                int rgb = image.getRGB(x, y);
                int red = clamp((rgb >> 16 & 255) + grain);
                int green = clamp((rgb >> 8 & 255) + grain);
                int blue = clamp((rgb & 255) + grain + random.nextGaussian() * noise / 2);
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        Graphics2D g = graphics(image);
        double size = image.getHeight() / 26.0;
        g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.55f));
        g.setColor(Color.BLACK);
        g.fill(new Rectangle2D.Double(0, 0, image.getWidth(), size * 1.6));
        g.setComposite(AlphaComposite.SrcOver);
        text(g, name, size * 0.5, size * 1.15, size, Color.WHITE);
        g.setFont(font(size));
        text(
                g,
                time,
                image.getWidth() - g.getFontMetrics().stringWidth(time) - size * 0.5,
                size * 1.15,
                size,
                Color.WHITE);
        g.dispose();
        return image;
    }

    private static Graphics2D graphics(BufferedImage image) {
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        return g;
    }

    private static void text(Graphics2D g, String text, double x, double y, double size, Color color) {
        g.setFont(font(size));
        g.setColor(color);
        g.drawString(text, (float) x, (float) y);
    }

    private static Font font(double size) {
        return new Font(Font.SANS_SERIF, Font.BOLD, 1).deriveFont((float) size);
    }

    private static Polygon quad(double... corners) {
        Polygon polygon = new Polygon();
        for (int i = 0; i < corners.length; i += 2) {
            polygon.addPoint((int) Math.round(corners[i]), (int) Math.round(corners[i + 1]));
        }
        return polygon;
    }

    private static int[] ints(double... values) {
        int[] result = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (int) Math.round(values[i]);
        }
        return result;
    }

    private static Color shade(Color color, double factor) {
        return new Color(
                clamp(color.getRed() * factor), clamp(color.getGreen() * factor), clamp(color.getBlue() * factor));
    }

    private static int clamp(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }

    // ---- Point clouds ----------------------------------------------------------------------------------------------

    private record Point(double x, double y, double z) {}

    private record Box(Point low, Point high) {}

    /** What a turning scanner, 1.4 m above the floor of a loading dock, sees of its walls and of the pallets in it. */
    private List<Point> scan(int rings, int steps) {
        Box room = new Box(new Point(-5, -4, -1.4), new Point(7, 4, 2.6));
        List<Box> pallets = List.of(
                new Box(new Point(2, -2.5, -1.4), new Point(3.2, -1.3, 0.2)),
                new Box(new Point(3.5, 1, -1.4), new Point(4.7, 2.2, -0.4)),
                new Box(new Point(-3, 1.5, -1.4), new Point(-1.8, 2.3, 0.8)));
        List<Point> points = new ArrayList<>();
        for (int ring = 0; ring < rings; ring++) {
            double elevation = Math.toRadians(-32 + 56.0 * ring / (rings - 1));
            for (int step = 0; step < steps; step++) {
                double azimuth = 2 * Math.PI * step / steps;
                Point ray = new Point(
                        Math.cos(elevation) * Math.cos(azimuth),
                        Math.cos(elevation) * Math.sin(azimuth),
                        Math.sin(elevation));
                double distance = hit(room, ray)[1];
                for (Box pallet : pallets) {
                    double[] hit = hit(pallet, ray);
                    if (hit[0] > 0 && hit[0] < hit[1]) {
                        distance = Math.min(distance, hit[0]);
                    }
                }
                distance += random.nextGaussian() * 0.008;
                points.add(new Point(ray.x * distance, ray.y * distance, ray.z * distance));
            }
        }
        return points;
    }

    /** Where a ray from the origin goes into a box, and where out of it. */
    private static double[] hit(Box box, Point ray) {
        double[] low = {box.low.x, box.low.y, box.low.z};
        double[] high = {box.high.x, box.high.y, box.high.z};
        double[] direction = {ray.x, ray.y, ray.z};
        double in = Double.NEGATIVE_INFINITY;
        double out = Double.POSITIVE_INFINITY;
        for (int axis = 0; axis < 3; axis++) {
            double a = low[axis] / direction[axis];
            double b = high[axis] / direction[axis];
            in = Math.max(in, Math.min(a, b));
            out = Math.min(out, Math.max(a, b));
        }
        return new double[] {in, out};
    }

    private static String pcdHeader(int points, String data) {
        return """
                # .PCD v0.7 - Point Cloud Data file format
                VERSION 0.7
                FIELDS x y z
                SIZE 4 4 4
                TYPE F F F
                COUNT 1 1 1
                WIDTH %d
                HEIGHT 1
                VIEWPOINT 0 0 0 1 0 0 0
                POINTS %d
                DATA %s
                """.formatted(points, points, data);
    }

    private static byte[] asciiPcd(List<Point> points) {
        StringBuilder pcd = new StringBuilder(pcdHeader(points.size(), "ascii"));
        points.forEach(point -> pcd.append(String.format(Locale.ROOT, "%.3f %.3f %.3f%n", point.x, point.y, point.z)));
        return pcd.toString().replace("\r\n", "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] binaryPcd(List<Point> points) {
        byte[] header = pcdHeader(points.size(), "binary").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer pcd = ByteBuffer.allocate(header.length + points.size() * 12).order(ByteOrder.LITTLE_ENDIAN);
        pcd.put(header);
        points.forEach(
                point -> pcd.putFloat((float) point.x).putFloat((float) point.y).putFloat((float) point.z));
        return pcd.array();
    }

    // ---- Files -----------------------------------------------------------------------------------------------------

    private static void jpeg(Path file, float quality, BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(quality);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        write(file, bytes.toByteArray());
    }

    private static void png(Path file, BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        write(file, bytes.toByteArray());
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        System.out.println(file + " " + bytes.length);
    }
}
