/** Code that sends a first event from an app on a phone. */
import type { Way } from "@/features/first-run/snippets";

export function mobileWays(token: string, host: string): Way[] {
  return [
    {
      id: "android",
      title: "Android",
      steps: [
        { say: "Add the library to build.gradle.", code: 'implementation("com.posthog:posthog-android:3.+")' },
        {
          say: "Start it in your Application class, and send an event.",
          code: `import com.posthog.PostHog
import com.posthog.android.PostHogAndroid
import com.posthog.android.PostHogAndroidConfig

class App : Application() {
    override fun onCreate() {
        super.onCreate()
        PostHogAndroid.setup(this, PostHogAndroidConfig(apiKey = "${token}", host = "${host}"))
        PostHog.capture(event = "hello leanbase", properties = mapOf("from" to "android"))
    }
}`,
        },
      ],
    },
    {
      id: "ios",
      title: "iOS",
      steps: [
        {
          say: "Add the Swift package (Xcode: File, Add Package Dependencies).",
          code: "https://github.com/PostHog/posthog-ios.git",
        },
        {
          say: "Start it when the app starts, and send an event.",
          code: `import PostHog

let config = PostHogConfig(apiKey: "${token}", host: "${host}")
PostHogSDK.shared.setup(config)
PostHogSDK.shared.capture("hello leanbase", properties: ["from": "ios"])`,
        },
      ],
    },
    {
      id: "flutter",
      title: "Flutter",
      steps: [
        { say: "Add the package.", code: "flutter pub add posthog_flutter" },
        {
          say: "Turn off its automatic start: in AndroidManifest.xml below <application>, and as a boolean NO in Info.plist.",
          code: `<meta-data android:name="com.posthog.posthog.AUTO_INIT" android:value="false" />`,
        },
        {
          say: "Start it before runApp, and send an event.",
          code: `import 'package:flutter/widgets.dart';
import 'package:posthog_flutter/posthog_flutter.dart';

Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  final config = PostHogConfig('${token}');
  config.host = '${host}';
  await Posthog().setup(config);
  await Posthog().capture(eventName: 'hello leanbase', properties: {'from': 'flutter'});
  runApp(const MyApp());
}`,
        },
      ],
    },
    {
      id: "react-native",
      title: "React Native",
      steps: [
        {
          say: "Install the package with what it needs (Expo).",
          code: "npx expo install posthog-react-native expo-file-system expo-application expo-device expo-localization",
        },
        {
          say: "Wrap your app; any component can send an event.",
          code: `import { PostHogProvider, usePostHog } from "posthog-react-native"

function Hello() {
  const posthog = usePostHog()
  return <Button title="Hello" onPress={() => posthog.capture("hello leanbase", { from: "react native" })} />
}

export default function App() {
  return (
    <PostHogProvider apiKey="${token}" options={{ host: "${host}" }}>
      <Hello />
    </PostHogProvider>
  )
}`,
        },
      ],
    },
  ];
}
